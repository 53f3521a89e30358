import Table from 'cli-table3';
import type { DoctorReport, Result } from '../doctor/report.ts';
import { borderless } from './borderless.ts';
import { cleanLine } from './clean.ts';
import { count } from './count.ts';
import { hang } from './hang.ts';
import type { Ink } from './ink.ts';
import type { Terminal } from './terminal.ts';

const results: readonly Result[] = ['ok', 'warning', 'error', 'skipped', 'unknown'];
const styles = { ok: 'green', warning: 'yellow', error: 'red', skipped: 'dim', unknown: 'magenta' } as const;

/** The sum of a report: a row a category, then one sentence and what the exit code is. */
export function summaryText(report: DoctorReport, terminal: Terminal, ink: Ink, exitCode: number): string[] {
  const table = new Table({
    ...borderless,
    colAligns: ['left', ...results.map(() => 'right' as const)],
  });
  table.push(['CATEGORY', ...results.map((result) => result.toUpperCase())].map((cell) => ink('dim', cell)));
  for (const { name, checks } of report.categories) {
    const having = (result: Result): number => checks.filter((check) => check.result === result).length;
    table.push([name, ...results.map((result) => number(having(result), result, ink))]);
  }
  return [
    ...(report.categories.length > 1
      ? [
          ...table
            .toString()
            .split('\n')
            .map((line) => line.trimEnd()),
          '',
        ]
      : []),
    ...hang(
      '',
      0,
      `Examined ${cleanLine(report.source)} as of ${report.time.slice(0, 16).replace('T', ' ')} UTC.`,
      terminal.width,
    ),
    ...hang('', 0, `${problems(report)} ${counts(report)} Exit code ${exitCode}.`, terminal.width),
    ...(found(report) > many ? hang('', 0, hint, terminal.width) : []),
  ];
}

function number(many: number, result: Result, ink: Ink): string {
  return many === 0 ? ink('dim', '0') : ink(styles[result], String(many));
}

/** More problems than fit a screen. */
const many = 5;
const hint = 'A paragraph a problem: add -o short. Every object and all evidence: -o wide.';

/** How many findings there are. */
export function found({ categories }: DoctorReport): number {
  return categories.flatMap(({ checks }) => checks).reduce((sum, { findings }) => sum + findings.length, 0);
}

/** "12 errors and 3 warnings were found." */
export function problems(report: DoctorReport): string {
  const findings = report.categories.flatMap(({ checks }) => checks).flatMap((check) => check.findings);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const { ok, warning, error } = report.summary;
  if (ok + warning + error === 0) return 'Nothing could be examined.';
  if (findings.length === 0) return 'No problem found.';
  const parts = [errors === 0 ? '' : count(errors, 'error'), warnings === 0 ? '' : count(warnings, 'warning')];
  return `${parts.filter((part) => part !== '').join(' and ')} found.`;
}

function counts({ summary }: DoctorReport): string {
  const total = results.reduce((sum, result) => sum + summary[result], 0);
  const parts = results.filter((result) => summary[result] > 0).map((result) => `${summary[result]} ${result}`);
  return total === 0 ? 'No check was run.' : `${count(total, 'check')}: ${parts.join(', ')}.`;
}
