import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError } from '../../../shared/errors.ts';
import { readLock } from '../lock/read.ts';
import { blobPath, indexed, indexFile, layoutFile, lockFile, openFolder, sizeOf, sumOf } from './folder.ts';
import { lockedBlobs } from './locked-blobs.ts';
import type { Carried } from './plan-volumes.ts';
import { reachable } from './reachable.ts';
import { wrongBytes } from './write-volume.ts';

/** How the lock that `--since` names is called in a volume: the other side learns from it where to find what was left out. */
export const sinceFile = 'since.lock.yaml';

/** What a set of volumes carries. */
export interface Contents {
  /** Sorted by path. */
  readonly files: readonly Carried[];
  /** SHA-256 of the lock, and of the one whose blobs are left out. */
  readonly lock: string;
  readonly since: string | null;
  readonly leftOut: Amount;
}

export interface Amount {
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Everything of a finished folder, less the blobs of the lock `since`: those two locks alone say what the other side
 * lacks. Throws an AirgapError for a blob that the folder should hold and does not.
 */
export async function contentsOf(folder: string, since: string | undefined): Promise<Contents> {
  const { lock, lockSum } = await openFolder(folder);
  const known = since === undefined ? null : await earlier(since);
  const files = await Promise.all(
    [layoutFile, indexFile, lockFile].map((name) => named(path.join(folder, name), name)),
  );
  if (since !== undefined) files.push(await named(since, sinceFile));
  const leftOut: number[] = [];
  for (const [digest, size] of new Map([...(await reachable(folder, await indexed(folder))), ...lockedBlobs(lock)]))
    if (known?.blobs.has(digest) === true) leftOut.push(size);
    else files.push(await blob(folder, digest, size));
  return {
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    lock: lockSum,
    since: known?.sum ?? null,
    leftOut: amount(leftOut),
  };
}

export function amount(sizes: readonly number[]): Amount {
  return { blobs: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function earlier(file: string): Promise<{ readonly blobs: Map<string, number>; readonly sum: string }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new AirgapError('input', `The lock ${file} cannot be read.`, 'Check the path after --since.', error);
  });
  return { blobs: lockedBlobs(readLock(bytes.toString('utf8'), file)), sum: sumOf(bytes) };
}

async function named(source: string, name: string): Promise<Carried> {
  const bytes = await readFile(source).catch(() => {
    throw wrongBytes(source);
  });
  return { path: name, source, size: bytes.length, sha256: sumOf(bytes) };
}

async function blob(folder: string, digest: string, size: number): Promise<Carried> {
  const name = blobPath(digest);
  const source = path.join(folder, name);
  if ((await sizeOf(source)) !== size) throw wrongBytes(source);
  return { path: name, source, size, sha256: digest.slice('sha256:'.length) };
}
