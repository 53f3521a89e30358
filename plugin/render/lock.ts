import type { LockChange } from '../supply/lock/changes.ts';
import type { UpdateOutcome } from '../supply/lock/update.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { size } from './size.ts';

/** What `lock` did or, with `--check`, would do: changes, what failed, and the sum. */
export function lockSummary(
  outcome: UpdateOutcome,
  { file, written }: { readonly file: string; readonly written: boolean },
): string {
  const { lock, changes, failures, unpinned } = outcome;
  const files = lock.files === undefined ? '' : ` and ${lock.files.length} files`;
  const bytes = Object.values(lock.blobs).reduce((sum, size) => sum + size, 0);
  const lines = [
    ...columns(changes.map((change) => [change.change, change.image, detail(change)])),
    ...failures.map(({ image, fault }) => cleanLine(`not pinned: ${image}: ${fault.host}: ${fault.detail}`)),
    ...unpinned.map(({ source, reason }) => cleanLine(`not pinned: ${source}: ${reason}`)),
    changes.length === 0
      ? `${file} is up to date: ${lock.images.length} images${files}, ${size(bytes)} in ${Object.keys(lock.blobs).length} blobs.`
      : `${written ? 'Wrote' : 'Would write'} ${file}: ${lock.images.length} images${files}, ${size(bytes)} in ${Object.keys(lock.blobs).length} blobs.`,
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function detail(change: LockChange): string {
  switch (change.change) {
    case 'moved':
      return `${change.from.slice(0, 19)} -> ${change.to.slice(0, 19)}`;
    case 'content':
      return 'other platforms or signatures';
    case 'mirror':
      return 'mirrored elsewhere by the policy';
    case 'added':
    case 'removed':
      return '';
  }
}
