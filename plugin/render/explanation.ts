import Table from 'cli-table3';
import type { ExplainedCause, ExplainedCheck, Explanation } from '../doctor/explanation.ts';
import { borderless } from './borderless.ts';
import { inkOf, type Ink } from './ink.ts';
import { steps } from './steps.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** Everything there is to know of a check or a cause. */
export function explanationText(one: Explanation, terminal: Terminal): string {
  const ink = inkOf(terminal);
  const width = Math.min(terminal.width, 100);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', ink('bold', title), ...lines];
  const prose = (text: string): string[] => steps([text], 2, width, ink);
  const facts = one.of === 'cause' ? causeFacts(one) : checkFacts(one);
  return [
    ...wrap(`${one.id}: ${one.title}`, width).map((line) => ink('bold', line)),
    ink('dim', facts),
    ...section('What it means', prose(one.explanation)),
    ...(one.of === 'cause'
      ? [
          ...section('How it looks', one.example === null ? [] : prose(one.example)),
          ...section('Confirm it by hand', steps(one.confirm, 2, width, ink)),
          ...section('Cure it', steps(one.remedy, 2, width, ink)),
        ]
      : section('Run it alone', steps([`$ kubectl airgap doctor --check ${one.id}`], 0, width, ink))),
    '',
  ].join('\n');
}

function causeFacts({ family, severity, owner }: ExplainedCause): string {
  return `cause (${family}), ${severity}, to be cured by: ${owner}`;
}

function checkFacts({ category, needs }: ExplainedCheck): string {
  return `check (${category}), reads: ${needs.join(', ')}`;
}

/** Every id with its title, checks by category and causes by family. */
export function explanationList(all: readonly Explanation[], terminal: Terminal): string {
  const ink = inkOf(terminal);
  const groups = Map.groupBy(all, (one) => (one.of === 'check' ? `CHECKS: ${one.category}` : `CAUSES: ${one.family}`));
  const idWidth = Math.max(0, ...all.map(({ id }) => id.length)) + 2;
  const sections = [...groups].map(([title, members]) =>
    [ink('bold', title), list(members, idWidth, terminal, ink), ''].join('\n'),
  );
  return [...sections, 'Read one with: kubectl airgap explain ID', ''].join('\n');
}

function list(members: readonly Explanation[], idWidth: number, terminal: Terminal, ink: Ink): string {
  const titleWidth = terminal.width - idWidth;
  const table = new Table({ ...borderless, colWidths: [idWidth, titleWidth] });
  table.push(...members.map(({ id, title }) => [ink('cyan', id), wrap(title, titleWidth - 2).join('\n')]));
  return table.toString().replaceAll(/ +$/gm, '');
}
