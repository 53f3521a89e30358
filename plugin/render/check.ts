import type { CheckFinding, CheckReport } from '../policy/check-report.ts';
import { shown } from '../../shared/image/quote.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { inkOf } from './ink.ts';
import type { Terminal } from './terminal.ts';

const order = { error: 0, warning: 1, info: 2 } as const;
const styles = { error: 'red', warning: 'yellow', info: 'dim' } as const;

/** `check -o table`: what is rejected first, each with its place and what would help; rewrites in columns. */
export function checkTable(report: CheckReport, terminal: Terminal): string {
  const ink = inkOf(terminal);
  const problems = report.findings.filter(({ action }) => action !== 'rewrite');
  const rewrites = report.findings.filter(({ action }) => action === 'rewrite');
  const told = problems
    .toSorted((a, b) => order[a.severity] - order[b.severity])
    .flatMap((finding) => [
      `${ink(styles[finding.severity], finding.severity)} ${cleanLine(placeOf(finding))}: ${shown(finding.image)}`,
      `  ${cleanLine(objectOf(finding))}`,
      `  ${cleanLine(finding.reason)}`,
      '',
    ]);
  const table = rewrites.map((finding) => [placeOf(finding), shown(finding.image), finding.result ?? '']);
  return [
    ...told,
    ...(table.length === 0 ? [] : [...columns([['PLACE', 'IMAGE', 'REWRITTEN TO'], ...table]), '']),
    summaryLine(report),
    '',
  ].join('\n');
}

function summaryLine({ summary }: CheckReport): string {
  const { images, objects, allow, rewrite, reject, invalid } = summary;
  const counts = [`${allow} allowed`, `${rewrite} rewritten`, `${reject} rejected`, `${invalid} invalid`];
  return `${plural(images, 'image')} in ${plural(objects, 'object')}: ${counts.join(', ')}.`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function placeOf({ file, line }: CheckFinding): string {
  const name = file === '-' ? 'standard input' : file;
  return line === null ? name : `${name}:${line}`;
}

function objectOf({ kind, namespace, name, field }: CheckFinding): string {
  return `${kind} ${namespace}/${name}, ${field}`;
}
