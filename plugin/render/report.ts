import type { DoctorReport, ReportCheck } from '../doctor/report.ts';
import { cleanLine } from './clean.ts';
import { findingBlock, type Detail } from './finding.ts';
import { hang } from './hang.ts';
import { inkOf, type Ink } from './ink.ts';
import { plain } from './plain.ts';
import type { Terminal } from './terminal.ts';
import { summaryText } from './summary.ts';
import { verdict, verdictWidth } from './verdict.ts';

/** The whole report for a person: every check with its verdict, every finding under its check, the sum at the end. */
export function reportText(report: DoctorReport, detail: Detail, terminal: Terminal, exitCode: number): string {
  const ink = inkOf(terminal);
  const sections = report.categories.map(({ name, checks }) => [
    ink(['bold', 'underline'], name),
    ...checks
      .filter(({ result }) => detail.skipped || result !== 'skipped')
      .flatMap((check) => checkBlock(check, detail, terminal, ink)),
    ...(detail.skipped ? [] : skippedLines(checks, terminal, ink)),
  ]);
  // A check with findings ends with an empty line of its own.
  const apart = sections.flatMap((lines) => (lines.at(-1) === '' ? lines : [...lines, '']));
  const text = `${[...apart, ...summaryText(report, terminal, ink, exitCode)].join('\n')}\n`;
  return terminal.unicode ? text : plain(text);
}

/** Skipped checks in few words: what is missing is usually the same for many. */
function skippedLines(checks: readonly ReportCheck[], terminal: Terminal, ink: Ink): string[] {
  const byReason = Map.groupBy(
    checks.filter(({ result }) => result === 'skipped'),
    ({ reason }) => reason ?? '',
  );
  return [...byReason].flatMap(([reason, members]) => {
    const ids = members.map(({ id }) => id).join(', ');
    return hang(
      `${verdict('skipped', terminal, ink)} `,
      verdictWidth + 1,
      `${ids}: ${cleanLine(reason)}`,
      terminal.width,
    );
  });
}

function checkBlock(check: ReportCheck, detail: Detail, terminal: Terminal, ink: Ink): string[] {
  const reason = check.reason === null ? '' : `: ${cleanLine(check.reason)}`;
  const count = check.findings.length;
  const found = count === 0 ? reason : count === 1 ? ': 1 problem' : `: ${count} problems`;
  const title = `${check.title}${found}\u00A0[${check.id}]`;
  const lines = hang(`${verdict(check.result, terminal, ink)} `, verdictWidth + 1, title, terminal.width);
  if (count === 0) return lines;
  const blind = check.reason === null ? [] : hang('  ', 2, `note${reason}`, terminal.width);
  return [
    ...lines,
    ...blind,
    ...check.findings.flatMap((finding) => ['', ...findingBlock(finding, detail, terminal, ink)]),
    '',
  ];
}
