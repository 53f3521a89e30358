import type { PruneReport, ReportedRemoval } from '../supply/prune/report.ts';

import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { size } from './size.ts';

/** `mirror prune` in the table: what goes, what could not be seen, what it frees, and how the space comes back. */
export function pruneTable(report: PruneReport): string {
  const rows = report.repositories.flatMap(({ repository, removals }) =>
    removals.filter(isShown).map((removal) => [repository, nameOf(removal), removal.digest, word(removal)]),
  );
  const table = rows.length === 0 ? [] : [...columns([['REPOSITORY', 'TAGS', 'DIGEST', 'RESULT'], ...rows]), ''];
  return `${[...table, ...sums(report), ...notes(report)].map(cleanLine).join('\n')}\n`;
}

/** What only an index leads to goes with it and is a number in the sum; what went wrong is always shown. */
function isShown({ tags, result, detail }: ReportedRemoval): boolean {
  return tags.length > 0 || (result === 'failed' && detail !== '');
}

function nameOf({ tags }: ReportedRemoval): string {
  return tags.length === 0 ? '-' : tags.join(', ');
}

function word({ result, detail }: ReportedRemoval): string {
  const words = {
    planned: 'would go',
    removed: 'removed',
    gone: 'was gone',
    failed: 'not removed',
    'not-tried': 'not tried',
  };
  return detail === '' || result === 'not-tried' ? words[result] : `${words[result]}: ${detail}`;
}

function sums({ summary, removing, source, locks }: PruneReport): string[] {
  const { keptTags, tags, manifests, bytes, failed, repositories } = summary;
  const needed = `Needed by ${locks.join(', ')}${source === null ? ' alone' : ` and ${source}`}: ${keptTags} tags in ${repositories} repositories stay.`;
  if (tags + manifests + failed === 0) return [needed, 'Nothing to remove.'];
  return [
    needed,
    `${removing ? 'Removed' : 'Would remove'} ${tags} tags and ${manifests} manifests, which frees at most ${size(bytes)}.`,
    ...(failed === 0 ? [] : [`${failed} manifests were not removed.`]),
    ...(removing ? [] : ['Nothing was removed yet: add --yes to remove this.']),
  ];
}

function notes({ repositories, unlisted, registries, summary }: PruneReport): string[] {
  const untouched = repositories.filter((one) => one.untouched !== null);
  return [
    ...untouched.map((one) => `Left alone: ${one.repository}: ${one.untouched}.`),
    ...unlisted.map(
      ({ prefix, reason }) =>
        `Not listed: the repositories below ${prefix} (${reason}); only those that a lock names were looked at. Name others with --repository.`,
    ),
    ...(summary.manifests === 0
      ? []
      : registries.flatMap(({ host, product, bytes, collect }) =>
          bytes === 0
            ? []
            : [
                '',
                `How ${host}${product === null ? '' : ` (${product})`} gives up to ${size(bytes)} back:`,
                ...collect.map((line) => (line.startsWith('$ ') ? `    ${line.slice(2)}` : `  ${line}`)),
              ],
        )),
  ];
}
