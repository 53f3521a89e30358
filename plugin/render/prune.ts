import type { PruneReport, ReportedRemoval } from '../supply/prune/report.ts';
import { cleanLine } from './clean.ts';
import { count } from './count.ts';
import { fitted } from './fitted.ts';
import { hang } from './hang.ts';
import { sentence } from './sentence.ts';
import { size } from './size.ts';
import type { Terminal } from './terminal.ts';

/** `mirror prune` in the table: what goes, what could not be seen, what it frees, and how the space comes back. */
export function pruneTable(report: PruneReport, terminal: Terminal): string {
  const rows = report.repositories.flatMap(({ repository, removals }) =>
    removals.filter(isShown).map((removal) => [repository, nameOf(removal), removal.digest, words[removal.result]]),
  );
  const headings = ['REPOSITORY', 'TAGS', 'DIGEST', 'RESULT'];
  const table = rows.length === 0 ? [] : [...fitted(headings, rows, terminal), ''];
  const told = [
    ...[...sums(report), ...troubles(report)].flatMap((line) => sentence(cleanLine(line), terminal)),
    ...giveBack(report).flatMap((line) => guidance(line, terminal)),
  ];
  return `${[...table, ...told].join('\n')}\n`;
}

/** What only an index leads to goes with it and is a number in the sum; what went wrong is always shown. */
function isShown({ tags, result }: ReportedRemoval): boolean {
  return tags.length > 0 || result === 'failed';
}

function nameOf({ tags }: ReportedRemoval): string {
  return tags.length === 0 ? '-' : tags.join(', ');
}

const words: Readonly<Record<ReportedRemoval['result'], string>> = {
  planned: 'would go',
  removed: 'removed',
  gone: 'was gone',
  failed: 'NOT REMOVED',
  'not-tried': 'not tried',
};

function sums({ summary, removing, source, locks }: PruneReport): string[] {
  const { keptTags, tags, manifests, bytes, failed, repositories } = summary;
  const needed = `Needed by ${locks.join(', ')}${source === null ? ' alone' : ` and ${source}`}: ${count(keptTags, 'tag')} in ${count(repositories, 'repository', 'repositories')} ${keptTags === 1 ? 'stays' : 'stay'}.`;
  if (tags + manifests + failed === 0) return [needed, 'Nothing to remove.'];
  return [
    needed,
    `${removing ? 'Removed' : 'Would remove'} ${count(tags, 'tag')} and ${count(manifests, 'manifest')}, which frees at most ${size(bytes)}.`,
    ...(failed === 0 ? [] : [`${count(failed, 'manifest')} ${failed === 1 ? 'was' : 'were'} not removed.`]),
    ...(removing ? [] : ['Nothing was removed yet: add --yes to remove this.']),
  ];
}

function troubles({ repositories, unlisted }: PruneReport): string[] {
  return [
    ...repositories.flatMap(({ repository, untouched }) =>
      untouched === null ? [] : [`Left alone: ${repository}: ${untouched}.`],
    ),
    ...repositories.flatMap(({ repository, removals }) => {
      const failed = removals.find(({ result }) => result === 'failed');
      return failed === undefined ? [] : [`Not removed: ${repository}: ${failed.detail}.`];
    }),
    ...unlisted.map(
      ({ prefix, reason }) =>
        `Not listed: the repositories below ${prefix} (${reason}); only those that a lock names were looked at. Name others with --repository.`,
    ),
  ];
}

function giveBack({ registries, summary }: PruneReport): string[] {
  if (summary.manifests === 0) return [];
  return registries
    .filter(({ bytes }) => bytes > 0)
    .flatMap(({ host, product, bytes, collect }) => [
      '',
      `How ${host}${product === null ? '' : ` (${product})`} gives up to ${size(bytes)} back:`,
      ...collect.map((line) => (line.startsWith('$ ') ? `      ${line.slice(2)}` : `  ${line}`)),
    ]);
}

/** Cleaned of what a registry may have put into names, with the indentation that stands there; a command stays whole. */
function guidance(line: string, { columns, width }: Terminal): readonly string[] {
  const text = line.trimStart();
  const indent = line.length - text.length;
  const space = line.slice(0, indent);
  return columns === undefined || indent > 2 ? [space + cleanLine(text)] : hang(space, indent, cleanLine(text), width);
}
