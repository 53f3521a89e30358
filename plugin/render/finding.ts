import type { ObjectRef } from '../doctor/finding.ts';
import type { ReportFinding } from '../doctor/report.ts';
import { clean, cleanLine } from './clean.ts';
import { hang } from './hang.ts';
import type { Ink } from './ink.ts';
import type { Terminal } from './terminal.ts';
import { verdict, verdictWidth } from './verdict.ts';

/** How much of a finding is shown: the first of everything, or all. */
export interface Detail {
  readonly objects: number;
  readonly evidence: number;
  /** Characters of one line of evidence. */
  readonly evidenceLength: number;
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
    ...remedyLines(finding.remedy, width, ink),
    ...row('more', `kubectl airgap explain ${finding.cause}`),
  ];
}

function remedyLines(remedy: readonly string[], width: number, ink: Ink): string[] {
  return remedy.flatMap((step, index) => {
    const head = ' '.repeat(margin) + ink('dim', (index === 0 ? 'remedy' : '').padEnd(label));
    if (!step.startsWith('$ ')) return hang(head, indent, clean(step), width);
    const command = clean(step.slice(2));
    const first = index === 0 ? [head.trimEnd()] : [];
    // A heredoc ends at a word in the first column, so a command of more than one line cannot be indented.
    if (command.includes('\n')) return [...first, '', ...command.split('\n').map((line) => ink('cyan', line)), ''];
    // Never wrapped, however long: what is pasted must run.
    return [...first, `${' '.repeat(indent + 2)}${ink('cyan', command)}`];
  });
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
