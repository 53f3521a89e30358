import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import { array, record, text } from '../../../shared/kube/json.ts';
import { shell } from '../../doctor/shell.ts';
import { readLock } from '../lock/read.ts';
import type { Lock } from '../lock/document.ts';

/** The files of a folder beside its blobs; the lock is written last, so where it stands the folder is whole. */
export const layoutFile = 'oci-layout';
export const indexFile = 'index.json';
export const lockFile = 'airgap.lock.yaml';

/** A folder that `mirror run --to` or `mirror load` has finished. */
export interface Folder {
  readonly path: string;
  readonly lock: Lock;
  /** SHA-256 of the lock's bytes. */
  readonly lockSum: string;
}

/** Throws an AirgapError (`input`) for a folder that holds no finished set. */
export async function openFolder(folder: string): Promise<Folder> {
  const file = path.join(folder, lockFile);
  const bytes = await readFile(file).catch((error: unknown) => {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AirgapError(
      'input',
      absent
        ? `${folder} holds no finished set of images: it has no ${lockFile}.`
        : `${file} cannot be read: ${messageOf(error)}.`,
      absent
        ? `A copy that was broken off goes on where it was: kubectl airgap mirror run --to ${shell(`dir:${folder}`)}`
        : 'Check the path.',
      error,
    );
  });
  return { path: folder, lock: readLock(bytes.toString('utf8'), file), lockSum: sumOf(bytes) };
}

/** The digests that `index.json` names. What is none is passed over: only the lock's must be there. */
export async function indexed(folder: string): Promise<string[]> {
  const file = path.join(folder, indexFile);
  try {
    const index = record(JSON.parse(await readFile(file, 'utf8')));
    return array(index['manifests']).flatMap((raw) => {
      const digest = text(record(raw)['digest']);
      return digest !== undefined && isDigest(digest) ? [digest] : [];
    });
  } catch (error) {
    throw new AirgapError(
      'input',
      `${file} cannot be read: ${messageOf(error)}.`,
      `Make the folder anew: kubectl airgap mirror run --to ${shell(`dir:${folder}`)}`,
      error,
    );
  }
}

/** Where the blob is in a folder, relative to it. Throws for a digest by another algorithm than SHA-256. */
export function blobPath(digest: string): string {
  if (!isDigest(digest))
    throw new AirgapError(
      'input',
      `A folder on media holds blobs by SHA-256 only, and the lock has ${digest}.`,
      'Copy this image from registry to registry.',
    );
  return digest.replace('sha256:', 'blobs/sha256/');
}

function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

export function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes of a plain file; undefined where there is none. */
export async function sizeOf(file: string): Promise<number | undefined> {
  const facts = await stat(file).catch(() => undefined);
  return facts?.isFile() === true ? facts.size : undefined;
}
