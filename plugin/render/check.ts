import type { CheckFinding, CheckReport } from '../policy/check-report.ts';
import { shown } from '../../shared/image/quote.ts';
import { cleanLine } from './clean.ts';
import { count } from './count.ts';
import { fitted } from './fitted.ts';
import { hang } from './hang.ts';
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
      ...hang('  ', 2, cleanLine(objectOf(finding)), terminal.width),
      ...hang('  ', 2, cleanLine(finding.reason), terminal.width),
      '',
    ]);
  const table = rewrites.map((finding) => [placeOf(finding), shown(finding.image), finding.result ?? '']);
  return [
    ...told,
    ...(table.length === 0 ? [] : [...fitted(['PLACE', 'IMAGE', 'REWRITTEN TO'], table, terminal), '']),
    ...summaryLines(report).flatMap((line) => hang('', 0, line, terminal.width)),
    '',
  ].join('\n');
}

function summaryLines({ summary }: CheckReport): string[] {
  const { images, objects, allow, rewrite, reject, invalid, error } = summary;
  const counts = [`${allow} allowed`, `${rewrite} rewritten`, `${reject} not allowed`, `${invalid} invalid`];
  return [
    `${count(images, 'image')} in ${count(objects, 'object')}: ${counts.join(', ')}.`,
    ...(reject + invalid === 0
      ? []
      : error === 0
        ? ['None would be rejected at admission: the mode does not reject yet, or the namespaces are exempt.']
        : [`${error} would be rejected at admission.`]),
  ];
}

function placeOf({ file, line }: CheckFinding): string {
  const name = file === '-' ? 'standard input' : file;
  return line === null ? name : `${name}:${line}`;
}

function objectOf({ kind, namespace, name, field }: CheckFinding): string {
  return `${kind} ${namespace}/${name}, ${field}`;
}
