import { copyFile, link, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../../../make-folder.ts';
import { messageOf } from '../../../../shared/errors.ts';
import type { Lock, LockedFile } from '../../lock/document.ts';
import type { MirroredImage } from '../run-report.ts';
import { blobPath, type Folder } from './folder.ts';

/**
 * Takes what is no image into a folder, as blobs: so volumes, differences and checks carry it like all else. `lockFile` is
 * where it lies beside. One file that is missing or has other bytes than the lock pins stops no other.
 */
export async function carryFiles(
  { files = [] }: Lock,
  { lockFile, from, to }: { readonly lockFile: string; readonly from: string | null; readonly to: Folder },
): Promise<MirroredImage[]> {
  const carried: MirroredImage[] = [];
  for (const file of files) {
    const beside = path.join(path.dirname(lockFile), file.source);
    const places = [...(from === null ? [] : [blobPath(from, file.digest)]), beside];
    carried.push(await carry(file, places, to));
  }
  return carried;
}

async function carry(
  { source, digest, size }: LockedFile,
  places: readonly string[],
  to: Folder,
): Promise<MirroredImage> {
  const about = { image: source, target: null, digest, attempts: 0, seconds: 0, bytes: 0, fault: null };
  if ((await to.check(digest)) === 'good') return { ...about, state: 'present', missing: [], detail: '' };
  const why: string[] = [];
  for (const place of places)
    try {
      const incoming = await to.incoming();
      try {
        for await (const chunk of createReadStream(place) as AsyncIterable<Uint8Array>) await incoming.write(chunk);
      } catch (error) {
        await incoming.cancel();
        throw error;
      }
      if (await incoming.finish(digest)) return { ...about, state: 'copied', missing: [], bytes: size, detail: '' };
      why.push(`${place} has other bytes than the lock pins`);
    } catch (error) {
      why.push(messageOf(error));
    }
  return { ...about, state: 'failed', missing: [digest], detail: why.at(-1) ?? '' };
}

/** Puts the files of a lock where it names them, beside it; a medium without links gets copies. */
export async function placeFiles(folder: string, { files = [] }: Lock): Promise<void> {
  for (const { source, digest } of files) {
    const [blob, place] = [blobPath(folder, digest), path.join(folder, source)];
    await makeFolder(path.dirname(place));
    await rm(place, { force: true });
    await link(blob, place).catch(() => copyFile(blob, place));
  }
}
