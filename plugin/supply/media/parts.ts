import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { sizeOf } from './folder.ts';
import type { Member } from './manifest.ts';
import type { Taking } from './read-members.ts';
import { placeOf, stagingName, type Staging } from './staging.ts';
import { sumOfFile, writeAll } from './stream-file.ts';

/** Takes a part to where it belongs in its file, and joins the file when it was the last one. */
export async function takePart(staging: Staging, member: Member): Promise<Taking> {
  const { part, size } = member;
  if (part === null) throw new TypeError('a whole file is no part');
  const joined = joinedFile(staging, member);
  await makeFolder(`${joined}.in`);
  const handle = await open(joined, 'a').then(async (made) => {
    await made.close();
    return open(joined, 'r+');
  });
  let at = part.offset;
  return {
    write: async (bytes) => {
      await writeAll(handle, bytes, at);
      at += bytes.length;
    },
    end: async (good) => {
      if (good) await handle.datasync();
      await handle.close();
      if (good) await writeFile(path.join(`${joined}.in`, `${part.number}-${size}`), '');
    },
  };
}

export async function hasPart(staging: Staging, member: Member): Promise<boolean> {
  return (await partsIn(staging, member)).has(member.part?.number ?? 0);
}

/** `waits` while parts are missing; `wrong` when the joined file is not the one that its name says. */
export async function join(staging: Staging, member: Member): Promise<'done' | 'waits' | 'wrong'> {
  const { part } = member;
  if (part === null) throw new TypeError('a whole file is no part');
  const parts = await partsIn(staging, member);
  if (parts.size < part.of) return 'waits';
  const joined = joinedFile(staging, member);
  const bytes = [...parts.values()].reduce((sum, size) => sum + size, 0);
  const right = bytes === part.size && (await sizeOf(joined)) === bytes && (await sumOfFile(joined)) === part.sha256;
  if (right) {
    const place = placeOf(staging, member.path);
    await makeFolder(path.dirname(place));
    await rename(joined, place);
  }
  await rm(joined, { force: true });
  await rm(`${joined}.in`, { recursive: true, force: true });
  return right ? 'done' : 'wrong';
}

function joinedFile({ folder }: Staging, { part }: Member): string {
  return path.join(folder, stagingName, 'parts', part?.sha256 ?? '');
}

/** Bytes of the parts that are in, by their number. */
async function partsIn(staging: Staging, member: Member): Promise<Map<number, number>> {
  const marks = await readdir(`${joinedFile(staging, member)}.in`).catch(() => []);
  return new Map(marks.map((mark): [number, number] => [Number(mark.split('-')[0]), Number(mark.split('-')[1])]));
}
