import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError } from '../../../shared/errors.ts';
import { readLock } from '../lock/read.ts';
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
}

/**
 * Makes the folder a finished one, if every blob of the lock is there. The lock of an earlier set goes first and the new one
 * comes last, so that at no moment a lock stands beside an index that is not its own.
 */
export async function finish(
  staging: Staging,
  { lock, since }: VolumeManifest,
): Promise<{ readonly lacking: Lacking | null; readonly images: number | null }> {
  const { folder } = staging;
  const bytes = await readFile(placeOf(staging, lockFile)).catch(() => Buffer.alloc(0));
  if (sumOf(bytes) !== lock)
    throw new AirgapError(
      'broken',
      'The lock of this set is missing or damaged.',
      'Load the volumes anew with --restart.',
    );
  const content = readLock(bytes.toString('utf8'), lockFile);
  const lacking: [string, number][] = [];
  for (const [digest, size] of lockedBlobs(content))
    if ((await sizeOf(path.join(folder, blobPath(digest)))) !== size) lacking.push([digest, size]);
  if (lacking.length > 0)
    return {
      lacking: {
        digests: lacking.map(([digest]) => digest),
        bytes: lacking.reduce((sum, [, size]) => sum + size, 0),
        since,
      },
      images: null,
    };
  await rm(path.join(folder, lockFile), { force: true });
  for (const name of [layoutFile, indexFile, lockFile]) await put(staging, name);
  await discard(folder);
  return { lacking: null, images: content.images.length };
}

async function put(staging: Staging, name: string): Promise<void> {
  const place = path.join(staging.folder, name);
  const half = `${place}.${process.pid}`;
  {
    await using handle = await open(half, 'w');
    await writeAll(handle, await readFile(placeOf(staging, name)));
    await handle.datasync();
  }
  await rename(half, place);
}
