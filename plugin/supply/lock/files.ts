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
  const wrong = whyNoPlace(source);
  if (wrong !== null) return { reason: wrong };
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

/** What a folder of images holds beside the files of its lock. */
const reserved: ReadonlySet<string> = new Set([
  'blobs',
  'oci-layout',
  'index.json',
  'airgap.lock.yaml',
  'since.lock.yaml',
]);

/** Why a path cannot stand in a lock, in one clause; null where it can. Files are written there when a lock is loaded. */
export function whyNoPlace(source: string): string | null {
  const [first = '', ...rest] = source.split(/[/\\]/);
  if (path.isAbsolute(source) || [first, ...rest].some((part) => part === '..' || part === ''))
    return 'it is not below the folder of the lock, with which it has to be carried';
  return reserved.has(first) ? 'a folder of images has a file of its own under that name' : null;
}

function isAddress(source: string): boolean {
  return /^[a-z]+:\/\//i.test(source);
}
