import { makeFolder } from '../../make-folder.ts';
import { AirgapError } from '../../../shared/errors.ts';
import { amount, contentsOf, type Amount } from './contents.ts';
import { discarding } from './check.ts';
import { diskError, expectSpace } from './disk.ts';
import { layVolumes } from './lay-volumes.ts';
import { meter, type Meter } from './meter.ts';
import { openVolume } from './open-volume.ts';
import { planVolumes } from './plan-volumes.ts';
import { readMembers } from './read-members.ts';
import { writeVolume } from './write-volume.ts';

export interface PackRequest {
  readonly folder: string;
  readonly to: string;
  readonly volumeSize: number;
  /** The lock of what the other side has; its blobs are left out. */
  readonly since: string | undefined;
  /** Numbers of the volumes to write; empty for all. */
  readonly only: readonly number[];
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface PackedVolume {
  readonly file: string;
  readonly bytes: number;
  /** `kept`: an earlier run wrote it, and it is whole. */
  readonly done: 'written' | 'kept' | 'not-asked';
}

export interface PackOutcome {
  readonly set: string;
  readonly volumes: readonly PackedVolume[];
  readonly carried: Amount;
  /** What the other side has already. */
  readonly leftOut: Amount;
}

/** Packs a finished folder into volumes. What an earlier run of the same has written is looked at and kept. */
export async function packFolder(request: PackRequest): Promise<PackOutcome> {
  const { folder, to, only, signal, progress } = request;
  const contents = await contentsOf(folder, request.since);
  const plan = planVolumes(contents.files, request.volumeSize);
  if (only.some((number) => number > plan.length))
    throw new AirgapError('usage', `There are ${plan.length} volumes.`, `Pass numbers from 1 to ${plan.length}.`);
  const { set, volumes } = await layVolumes(request, contents, plan);
  await makeFolder(to).catch((error: unknown) => {
    throw diskError(error, to, '');
  });
  const packed: PackedVolume[] = [];
  for (const volume of volumes) {
    const { file, bytes } = volume;
    const number = volume.manifest.volume;
    if (only.length > 0 && !only.includes(number)) {
      packed.push({ file, bytes, done: 'not-asked' });
      continue;
    }
    const name = `volume ${number} of ${volumes.length}`;
    const kept = await isWhole(file, set, signal, meter(`Reading ${name}`, bytes, progress));
    if (!kept) {
      await expectSpace(to, bytes, `${name.replace('v', 'V')} takes`);
      await writeVolume(volume, signal, meter(`Writing ${name}`, bytes, progress));
    }
    packed.push({ file, bytes, done: kept ? 'kept' : 'written' });
  }
  const blobs = contents.files.filter((file) => file.path.startsWith('blobs/'));
  return { set, volumes: packed, carried: amount(blobs.map(({ size }) => size)), leftOut: contents.leftOut };
}

/** Whether a volume that is there already is this set's and has every byte. */
async function isWhole(file: string, set: string, signal: AbortSignal, moved: Meter): Promise<boolean> {
  const opened = await openVolume(file);
  if (!opened.ok || opened.volume.manifest.set !== set) return false;
  return (await readMembers(opened.volume, discarding(moved), signal)) === null;
}
