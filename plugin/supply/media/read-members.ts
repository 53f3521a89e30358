import { open, type FileHandle } from 'node:fs/promises';
import { again, type Volume, type VolumeFault } from './open-volume.ts';
import { memberName, type Member } from './manifest.ts';
import { readRange, type Sink } from './stream-file.ts';
import { header, taken } from './tar.ts';

/** Takes the content of one member; null for a member that is not wanted, which is then not read. */
export type Taker = (member: Member) => Promise<{
  readonly write: Sink;
  /** Called with whether the bytes are those that the manifest names; only then they may be used. */
  readonly end: (good: boolean) => Promise<void>;
} | null>;

/**
 * Gives every member of a volume to `take`, hashed while it is read. Stops at the first that is wrong. The archive must
 * be what its manifest says, byte for byte; so there are no names, links, devices or sizes in it that could do harm.
 */
export async function readMembers(volume: Volume, take: Taker, signal?: AbortSignal): Promise<VolumeFault | null> {
  await using handle = await open(volume.file);
  let at = volume.start;
  for (const member of volume.manifest.members) {
    const name = memberName(member);
    const start = await headerAt(handle, at);
    if (!start.equals(header(name, member.size))) return damaged(volume.file, name);
    const taker = await take(member);
    if (taker !== null) {
      let sum: string | undefined;
      try {
        sum = await readRange(handle, at + taken(0), member.size, taker.write, signal);
      } finally {
        await taker.end(sum === member.sha256);
      }
      if (sum !== member.sha256) return damaged(volume.file, name);
    }
    at += taken(member.size);
  }
  return null;
}

async function headerAt(handle: FileHandle, position: number): Promise<Buffer> {
  const { buffer } = await handle.read(Buffer.alloc(taken(0)), 0, taken(0), position);
  return buffer;
}

function damaged(file: string, name: string): VolumeFault {
  return { file, why: `It has wrong bytes in ${name}.`, hint: again(file) };
}
