import { open, type FileHandle } from 'node:fs/promises';
import { again, type Volume, type VolumeFault } from './open-volume.ts';
import { memberName, type Member } from './manifest.ts';
import { readRange, type Sink } from './stream-file.ts';
import { endOfArchive, header, padding, taken } from './tar.ts';

/** Takes the content of one member. */
export interface Taking {
  readonly write: Sink;
  /** Called with whether the bytes are those that the manifest names; only then they may be used. */
  readonly end: (good: boolean) => Promise<void>;
}

/** Null for a member that is not wanted, which is then not read. */
export type Taker = (member: Member) => Promise<Taking | null>;

/**
 * Gives every member of a volume to `take`, hashed while it is read. Stops at the first that is wrong. The archive must
 * be what its manifest says, byte for byte; so there are no names, links, devices or sizes in it that could do harm.
 */
export async function readMembers(volume: Volume, take: Taker, signal?: AbortSignal): Promise<VolumeFault | null> {
  await using handle = await open(volume.file);
  const is = (position: number, bytes: Buffer): Promise<boolean> => holds(handle, position, bytes);
  let at = volume.start;
  for (const member of volume.manifest.members) {
    const name = memberName(member);
    if (!(await is(at, header(name, member.size)))) return damaged(volume.file, name);
    const taker = await take(member);
    if (taker !== null && !(await pass(handle, at + taken(0), member, taker, signal)))
      return damaged(volume.file, name);
    const filling = Buffer.alloc(padding(member.size));
    if (!(await is(at + taken(0) + member.size, filling))) return damaged(volume.file, name);
    at += taken(member.size);
  }
  return (await is(at, endOfArchive)) ? null : damaged(volume.file, 'its end');
}

/** Whether the content was the one that the manifest names; the taker is told, also where the medium fails. */
async function pass(
  handle: FileHandle,
  position: number,
  { size, sha256 }: Member,
  taker: Taking,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let good = false;
  try {
    good = (await readRange(handle, position, size, taker.write, signal)) === sha256;
  } finally {
    await taker.end(good);
  }
  return good;
}

async function holds(handle: FileHandle, position: number, expected: Buffer): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(expected.length), 0, expected.length, position);
  return bytesRead === expected.length && buffer.equals(expected);
}

function damaged(file: string, name: string): VolumeFault {
  return { file, why: `It has wrong bytes in ${name}.`, hint: again(file) };
}
