import type { ObjectRef } from '../doctor/finding.ts';
import type { ReportFinding } from '../doctor/report.ts';
import { cleanLine } from './clean.ts';
import { hang } from './hang.ts';
import type { Ink } from './ink.ts';
import { steps } from './steps.ts';
import type { Terminal } from './terminal.ts';
import { verdict, verdictWidth } from './verdict.ts';

/** How much of a finding is shown: the first of everything, or all. */
export interface Detail {
  readonly objects: number;
  readonly evidence: number;
  /** Characters of one line of evidence. */
  readonly evidenceLength: number;
  /** Whether every skipped check gets a line of its own. */
  readonly skipped: boolean;
}

const margin = 2;
const label = verdictWidth + 1;
const indent = margin + label;

/** The block of lines for one finding: what is wrong, where, how one knows, and what to do. */
export function findingBlock(finding: ReportFinding, detail: Detail, terminal: Terminal, ink: Ink): string[] {
  const { width } = terminal;
  const row = (name: string, text: string): string[] =>
    hang(' '.repeat(margin) + ink('dim', name.padEnd(label)), indent, text, width);
  const head = `${' '.repeat(margin)}${verdict(finding.severity, terminal, ink)} `;
  return [
    ...hang(head, indent, cleanLine(finding.summary), width, (line) => ink('bold', line)),
    ...row('cause', `${finding.cause} (${finding.confidence})`),
    ...row('where', objectsText(finding.objects, detail.objects)),
    ...evidenceLines(finding.evidence, detail).flatMap((line, index) => row(index === 0 ? 'evidence' : '', line)),
    ...row('cured by', cleanLine(finding.owner)),
    ...remedyLines(finding.remedy, width, ink),
    ...row('more', `kubectl airgap explain ${finding.cause}`),
  ];
}

/** The label stands before the first line of prose, or on a line of its own before a command. */
function remedyLines(remedy: readonly string[], width: number, ink: Ink): string[] {
  const [first = '', ...rest] = steps(remedy, indent, width, ink);
  const head = (name: string): string => ' '.repeat(margin) + ink('dim', name);
  if (remedy.length === 0) return [];
  if (remedy[0]?.startsWith('$ ')) return [head('remedy'), first, ...rest];
  return [head('remedy'.padEnd(label)) + first.trimStart(), ...rest];
}

/** `Pods app/web-1 (web), app/web-2 (web) and 14 more; Job app/load`. */
export function objectsText(objects: readonly ObjectRef[], limit: number): string {
  const byKind = Map.groupBy(objects.slice(0, limit), ({ kind }) => kind);
  const shown = [...byKind]
    .map(([kind, refs]) => `${kind}${refs.length > 1 ? 's' : ''} ${refs.map(nameOf).join(', ')}`)
    .join('; ');
  const rest = objects.length - limit;
  return objects.length === 0 ? 'the cluster' : cleanLine(rest > 0 ? `${shown} and ${rest} more` : shown);
}

function nameOf({ namespace, name, container }: ObjectRef): string {
  const path = namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
  // The space does not break, so that a line never starts with the container.
  return container === undefined ? path : `${path}\u00A0(${container})`;
}

function evidenceLines(evidence: readonly string[], detail: Detail): string[] {
  const shown = evidence.slice(0, detail.evidence).map((line) => shorten(cleanLine(line), detail.evidenceLength));
  const rest = evidence.length - shown.length;
  const all = rest > 0 ? [...shown, `and ${rest} more in -o wide`] : shown;
  return all.length > 1 ? all.map((line) => `- ${line}`) : all;
}

function shorten(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text.slice(0, length)}… (${text.length - length} more characters in -o json)`;
}
