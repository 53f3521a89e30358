import type { LockChange } from '../supply/lock/changes.ts';
import type { UpdateOutcome } from '../supply/lock/update.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { count } from './count.ts';
import { size } from './size.ts';

/** What `lock` did or, with `--check`, would do: changes, what failed, and the sum. */
export function lockSummary(
  outcome: UpdateOutcome,
  { file, written }: { readonly file: string; readonly written: boolean },
): string {
  const { lock, changes, failures, unpinned } = outcome;
  const files = lock.files === undefined ? '' : ` and ${count(lock.files.length, 'file')}`;
  const missing = failures.length + unpinned.length;
  const bytes = Object.values(lock.blobs).reduce((sum, size) => sum + size, 0);
  const lines = [
    ...columns(changes.map((change) => [change.change, change.image, detail(change)])),
    ...failures.map(({ image, fault }) => cleanLine(`not pinned: ${image}: ${fault.host}: ${fault.detail}`)),
    ...unpinned.map(({ source, reason }) => cleanLine(`not pinned: ${source}: ${reason}`)),
    `${headOf(outcome, file, written)}: ${count(lock.images.length, 'image')}${files}, ${size(bytes)} in ${count(Object.keys(lock.blobs).length, 'blob')}.`,
    ...(missing === 0
      ? []
      : [`${missing} of what is needed ${missing === 1 ? 'is' : 'are'} not pinned, as said above.`]),
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function headOf({ changes, failures, unpinned }: UpdateOutcome, file: string, written: boolean): string {
  if (changes.length > 0) return `${written ? 'Wrote' : 'Would write'} ${file}`;
  return failures.length + unpinned.length === 0 ? `${file} is up to date` : file;
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
