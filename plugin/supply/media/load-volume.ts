import { diskError } from './disk.ts';
import type { Member } from './manifest.ts';
import type { Meter } from './meter.ts';
import type { Volume, VolumeFault } from './open-volume.ts';
import { hasPart, join, takePart } from './parts.ts';
import { readMembers, type Taking } from './read-members.ts';
import { isThere, takeFile, type Staging } from './staging.ts';

/** Takes every member of a volume that is not in yet, and joins the files of which it had the last part. */
export async function loadVolume(
  staging: Staging,
  volume: Volume,
  signal: AbortSignal,
  moved: Meter,
): Promise<VolumeFault | null> {
  try {
    const fault = await readMembers(volume, (member) => taker(staging, member, moved), signal);
    if (fault !== null) return fault;
    for (const member of volume.manifest.members.filter(({ part }) => part !== null))
      if (!(await isWhole(staging, member)) && (await join(staging, member)) === 'wrong')
        return {
          file: volume.file,
          why: `The parts of ${member.path} are not parts of one file.`,
          hint: 'Pack the set once more, and load it with --restart.',
        };
    return null;
  } catch (error) {
    throw diskError(error, staging.folder, 'The same command then goes on where it was.');
  }
}

async function taker(staging: Staging, member: Member, moved: Meter): Promise<Taking | null> {
  if ((await isWhole(staging, member)) || (member.part !== null && (await hasPart(staging, member)))) {
    moved(member.size);
    return null;
  }
  const taking = await (member.part === null ? takeFile(staging, member) : takePart(staging, member));
  return {
    write: async (bytes) => {
      await taking.write(bytes);
      moved(bytes.length);
    },
    end: taking.end,
  };
}

function isWhole(staging: Staging, { path, size, sha256, part }: Member): Promise<boolean> {
  return isThere(staging, part === null ? { path, size, sha256 } : { path, size: part.size, sha256: part.sha256 });
}
