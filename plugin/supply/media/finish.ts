import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError } from '../../../shared/errors.ts';
import type { Lock } from '../lock/document.ts';
import { readLock } from '../lock/read.ts';
import { placeFiles } from '../mirror/folder/files.ts';
import { sinceFile } from './contents.ts';
import { blobPath, indexFile, layoutFile, lockFile, sizeOf, sumOf } from './folder.ts';
import { lockedBlobs } from './locked-blobs.ts';
import type { VolumeManifest } from './manifest.ts';
import { discard, placeOf, type Staging } from './staging.ts';
import { writeAll } from './stream-file.ts';

/** Blobs of the lock that the folder does not have, though all volumes are in. */
export interface Lacking {
  readonly digests: readonly string[];
  readonly bytes: number;
  /** SHA-256 of the lock that they were left out by; null where nothing was left out. */
  readonly since: string | null;
  /** Why the mirror could not be asked for them; null where it was not asked. */
  readonly why: string | null;
}

/** Gets blobs from elsewhere into the folder; why it could not. */
export type Fill = (staging: Staging, since: Lock, lacking: ReadonlyMap<string, number>) => Promise<string | null>;

/**
 * Makes the folder a finished one, if every blob of the lock is there. The lock of an earlier set goes first and the new one
 * comes last, so that at no moment a lock stands beside an index that is not its own.
 */
export async function finish(
  staging: Staging,
  { lock, since }: VolumeManifest,
  fill: Fill | null,
): Promise<{ readonly lacking: Lacking | null; readonly images: number | null }> {
  const { folder } = staging;
  const content = await stagedLock(staging, lockFile, lock);
  let lacking = await absent(folder, content);
  let why: string | null = null;
  if (lacking.size > 0 && since !== null && fill !== null) {
    why = await fill(staging, await stagedLock(staging, sinceFile, since), lacking);
    lacking = await absent(folder, content);
  }
  if (lacking.size > 0) {
    const bytes = [...lacking.values()].reduce((sum, size) => sum + size, 0);
    return { lacking: { digests: [...lacking.keys()], bytes, since, why }, images: null };
  }
  await rm(path.join(folder, lockFile), { force: true });
  await placeFiles(folder, content);
  for (const name of [layoutFile, indexFile, lockFile]) await put(staging, name);
  await discard(folder);
  return { lacking: null, images: content.images.length };
}

async function stagedLock(staging: Staging, name: string, sum: string): Promise<Lock> {
  const bytes = await readFile(placeOf(staging, name)).catch(() => Buffer.alloc(0));
  if (sumOf(bytes) === sum) return readLock(bytes.toString('utf8'), name);
  throw new AirgapError(
    'broken',
    'The lock of this set is missing or damaged.',
    'Load the volumes anew with --restart.',
  );
}

/** Blobs of a lock that are not in the folder with their size, by digest. */
async function absent(folder: string, lock: Lock): Promise<Map<string, number>> {
  const lacking = new Map<string, number>();
  for (const [digest, size] of lockedBlobs(lock))
    if ((await sizeOf(path.join(folder, blobPath(digest)))) !== size) lacking.set(digest, size);
  return lacking;
}

async function put(staging: Staging, name: string): Promise<void> {
  const place = path.join(staging.folder, name);
  // In the staging folder, which goes with all that a kill may leave in it.
  const half = `${placeOf(staging, name)}.${process.pid}`;
  {
    await using handle = await open(half, 'w');
    await writeAll(handle, await readFile(placeOf(staging, name)));
    await handle.datasync();
  }
  await rename(half, place);
}
