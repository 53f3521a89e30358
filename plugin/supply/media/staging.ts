import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { record, text } from '../../../shared/kube/json.ts';
import { sizeOf } from './folder.ts';
import type { Member } from './manifest.ts';
import type { Taking } from './read-members.ts';
import { sumOfFile, writeAll } from './stream-file.ts';

/**
 * What a load has not finished yet, in a folder beside the blobs: which set it is, which volumes are in, the parts of large
 * blobs, and the files that make the folder a finished one. It is removed at the end; until then a load can be killed at
 * any moment and goes on.
 */
export interface Staging {
  readonly folder: string;
  readonly set: string;
}

/** Of the folder that is inside the one that is loaded into. */
export const stagingName = '.airgap-load';

/** The set whose load has not been finished in a folder; null where there is none. */
export async function unfinished(folder: string): Promise<string | null> {
  const content = await readFile(path.join(folder, stagingName, 'set.json'), 'utf8').catch(() => null);
  if (content === null) return null;
  try {
    return text(record(JSON.parse(content))['set']) ?? null;
  } catch {
    // Its writer was killed before there was anything to go on with.
    return null;
  }
}

export async function openStaging(folder: string, set: string): Promise<Staging> {
  const staging = { folder, set };
  if ((await unfinished(folder)) === set) return staging;
  await discard(folder);
  for (const part of ['volumes', 'files', 'parts']) await makeFolder(path.join(folder, stagingName, part));
  await writeFile(path.join(folder, stagingName, 'set.json'), `${JSON.stringify({ set })}\n`);
  return staging;
}

/** In one step, so that what a kill in the middle leaves is not gone on with. */
export async function discard(folder: string): Promise<void> {
  const old = path.join(folder, `${stagingName}.old`);
  await rm(old, { recursive: true, force: true });
  await rename(path.join(folder, stagingName), old).catch(() => undefined);
  await rm(old, { recursive: true, force: true });
}

/** Numbers of the volumes of which every member has been taken. */
export async function volumesIn({ folder }: Staging): Promise<Set<number>> {
  return new Set((await readdir(path.join(folder, stagingName, 'volumes'))).map(Number));
}

export async function markVolume({ folder }: Staging, volume: number): Promise<void> {
  await writeFile(path.join(folder, stagingName, 'volumes', String(volume)), '');
}

/** Where a whole file is put: blobs at their own place, since their name says what they hold; the others wait. */
export function placeOf({ folder }: Staging, file: string): string {
  return file.startsWith('blobs/') ? path.join(folder, file) : path.join(folder, stagingName, 'files', file);
}

/** Whether a file is at its place with all of its bytes, as an earlier load or copy has left it. */
export async function isThere(
  staging: Staging,
  { path: file, size, sha256 }: Pick<Member, 'path' | 'size' | 'sha256'>,
): Promise<boolean> {
  const place = placeOf(staging, file);
  return (await sizeOf(place)) === size && (await sumOfFile(place)) === sha256;
}

/** Takes a whole file. It gets its name only once its bytes have been found right. */
export async function takeFile(staging: Staging, member: Member): Promise<Taking> {
  const place = placeOf(staging, member.path);
  const half = path.join(staging.folder, stagingName, `${member.sha256}.${process.pid}`);
  await makeFolder(path.dirname(place));
  const handle = await open(half, 'w');
  return {
    write: (bytes) => writeAll(handle, bytes),
    end: async (good) => {
      if (good) await handle.datasync();
      await handle.close();
      await (good ? rename(half, place) : rm(half, { force: true }));
    },
  };
}
