import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../../make-folder.ts';
import { AirgapError, messageOf } from '../../../../shared/errors.ts';
import { isAlive } from '../alive.ts';
import { openIncoming, type Incoming } from './incoming.ts';

/**
 * An OCI image layout that is filled or read by digest: `oci-layout`, `index.json`, `blobs/ALGORITHM/HEX`. A blob appears
 * under its name only when all of its bytes are on the disk and have its digest, so that a run that is killed leaves
 * nothing behind but files in `.incoming-PID`, which the next one clears away.
 */
export interface Folder {
  readonly path: string;
  /** Bytes of a blob; null where it is not there. */
  size(digest: string): Promise<number | null>;
  /** Both ends included, as in a Range header. */
  read(digest: string, range?: { readonly start: number; readonly end: number }): ReadStream;
  /** Reads every byte of a blob, once a run, and says whether they have the digest. */
  check(digest: string): Promise<'good' | 'damaged' | 'absent'>;
  /** Takes a damaged blob away, so that it is copied anew. */
  discard(digest: string): Promise<void>;
  incoming(): Promise<Incoming>;
  /** Clears away what has come half. */
  clear(): Promise<void>;
  /** Bytes that a user may still write to the disk. */
  free(): Promise<number>;
}

export function blobPath(folder: string, digest: string): string {
  return path.join(folder, 'blobs', ...digest.split(':'));
}

/** Opens a folder to read. Throws an AirgapError (`input`) where there is no layout. */
export async function openFolder(folder: string): Promise<Folder> {
  try {
    await stat(path.join(folder, 'oci-layout'));
  } catch (error) {
    throw new AirgapError(
      'input',
      `${folder} holds no images: ${messageOf(error)}.`,
      'Name the folder that kubectl airgap mirror run --to dir:PATH filled.',
      error,
    );
  }
  return at(folder);
}

/** Opens a folder to fill it; makes it where it is missing, and clears away what a killed run left. */
export async function fillFolder(folder: string): Promise<Folder> {
  try {
    await makeFolder(path.join(folder, 'blobs'));
    for (const name of await readdir(folder))
      if (isLeftOver(name)) await rm(path.join(folder, name), { recursive: true, force: true });
    await writeWhole(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}\n');
  } catch (error) {
    throw new AirgapError(
      'input',
      `${folder} cannot be written: ${messageOf(error)}.`,
      'Check that the medium is mounted, has room and may be written.',
      error,
    );
  }
  return at(folder);
}

/** All or nothing, and on the disk before this returns. */
export async function writeWhole(file: string, content: string): Promise<void> {
  const half = `${file}.${process.pid}.half`;
  const handle = await open(half, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(half, file);
}

function isLeftOver(name: string): boolean {
  const [, pid] = /^(?:\.incoming-|[\w.-]+\.)(\d+)(?:\.half)?$/.exec(name) ?? [];
  return (
    pid !== undefined &&
    (name.startsWith('.incoming-') || name.endsWith('.half')) &&
    (Number(pid) === process.pid || !isAlive(Number(pid)))
  );
}

function at(folder: string): Folder {
  const half = path.join(folder, `.incoming-${process.pid}`);
  const checked = new Map<string, Promise<'good' | 'damaged' | 'absent'>>();
  const size = async (digest: string): Promise<number | null> => {
    try {
      return (await stat(blobPath(folder, digest))).size;
    } catch {
      return null;
    }
  };
  const read: Folder['read'] = (digest, range) => createReadStream(blobPath(folder, digest), range);
  const hash = async (digest: string): Promise<'good' | 'damaged' | 'absent'> => {
    if ((await size(digest)) === null) return 'absent';
    const sum = createHash(digest.split(':')[0] ?? 'sha256');
    try {
      for await (const chunk of read(digest) as AsyncIterable<Uint8Array>) sum.update(chunk);
    } catch {
      // A medium that gives an error where bytes should be has lost them.
      return 'damaged';
    }
    return sum.digest('hex') === digest.split(':')[1] ? 'good' : 'damaged';
  };
  return {
    path: folder,
    size,
    read,
    check: (digest) => {
      const known = checked.get(digest) ?? hash(digest);
      checked.set(digest, known);
      // What is not there may come.
      void known.then((state) => (state === 'good' ? undefined : checked.delete(digest)));
      return known;
    },
    discard: async (digest) => {
      checked.delete(digest);
      await rm(blobPath(folder, digest), { force: true });
    },
    incoming: () => openIncoming(half, (digest) => blobPath(folder, digest)),
    clear: () => rm(half, { recursive: true, force: true }),
    free: async () => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}
