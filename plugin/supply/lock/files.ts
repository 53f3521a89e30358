import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../shared/errors.ts';
import type { NeededFile } from '../inventory.ts';
import { placeText } from '../place.ts';
import type { LockedFile } from './document.ts';

export interface LockedFiles {
  /** Sorted by `source`. */
  readonly files: readonly LockedFile[];
  /** Files that could not be pinned, with one clause each; the lock holds their earlier entry, or none. */
  readonly unpinned: readonly { readonly source: string; readonly reason: string }[];
}

/**
 * Pins files by their bytes. `folder` is the lock's own: a lock goes over the gap with its files, so it names them from
 * there, and nothing above it. What is pinned stays unless it is to be renewed.
 */
export async function lockFiles(
  needed: readonly NeededFile[],
  folder: string,
  earlier: readonly LockedFile[],
  renew: (source: string) => boolean,
): Promise<LockedFiles> {
  const known = new Map(earlier.map((file) => [file.source, file]));
  const files: LockedFile[] = [];
  const unpinned: { source: string; reason: string }[] = [];
  for (const { source: written, kind, places } of needed) {
    const source = isAddress(written) ? written : path.relative(folder, written).split(path.sep).join('/');
    const before = known.get(source);
    const neededBy = [...new Set(places.map(placeText))].toSorted();
    if (before !== undefined && !renew(source)) files.push({ ...before, kind, neededBy });
    else {
      const pinned = await pin(source, written);
      if ('reason' in pinned) {
        unpinned.push({ source, ...pinned });
        if (before !== undefined) files.push({ ...before, kind, neededBy });
      } else files.push({ source, kind, ...pinned, neededBy });
    }
  }
  return { files: files.toSorted((a, b) => (a.source < b.source ? -1 : 1)), unpinned };
}

async function pin(source: string, written: string): Promise<{ digest: string; size: number } | { reason: string }> {
  if (isAddress(source))
    return { reason: 'it is an address, and nothing is fetched here: fetch it, and list the file' };
  if (!isBelow(source)) return { reason: 'it is not below the folder of the lock, with which it has to be carried' };
  try {
    return await digestOfFile(written);
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

/** Reads a file piece by piece: charts are small, and what else a site carries may be gigabytes. */
export async function digestOfFile(file: string): Promise<{ digest: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

/** Whether a path of a lock stays below the lock's folder. */
export function isBelow(source: string): boolean {
  return source !== '' && !path.isAbsolute(source) && !source.split(/[/\\]/).includes('..');
}

function isAddress(source: string): boolean {
  return /^[a-z]+:\/\//i.test(source);
}
