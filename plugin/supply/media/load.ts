import { readdir } from 'node:fs/promises';
import { makeFolder } from '../../make-folder.ts';
import { AirgapError } from '../../../shared/errors.ts';
import { chooseSet, foreign } from './choose-set.ts';
import { diskError, expectSpace } from './disk.ts';
import { finish, type Fill, type Lacking } from './finish.ts';
import { findVolumes } from './find-volumes.ts';
import { layoutFile, sizeOf } from './folder.ts';
import { loadVolume } from './load-volume.ts';
import { meter } from './meter.ts';
import type { Volume, VolumeFault } from './open-volume.ts';
import { hasPart } from './parts.ts';
import { discard, markVolume, openStaging, placeOf, stagingName, unfinished, volumesIn } from './staging.ts';
import type { Staging } from './staging.ts';

export interface LoadRequest {
  /** Volumes, or folders with volumes. */
  readonly paths: readonly string[];
  readonly folder: string;
  /** Drops what was loaded of another set that is not complete. */
  readonly restart: boolean;
  /** Where to get blobs that were left out of the set and are not in the folder; null for nowhere. */
  readonly fill: Fill | null;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface LoadOutcome {
  /** Null where nothing that can be loaded was found. */
  readonly set: string | null;
  readonly volumes: number;
  /** Numbers of the volumes that this run has loaded. */
  readonly loaded: readonly number[];
  /** Numbers that no run has loaded yet. */
  readonly missing: readonly number[];
  readonly faults: readonly VolumeFault[];
  /** Blobs that were left out of the set and are not in the folder; null while volumes are missing. */
  readonly lacking: Lacking | null;
  /** Images in the folder, now that it is whole; null while it is not. */
  readonly images: number | null;
}

/**
 * Loads volumes into a folder, in any order and in as many runs as it takes. The folder is a finished one, and so has its
 * lock, only after all of them are in and every blob of the lock is there.
 */
export async function loadVolumes(request: LoadRequest): Promise<LoadOutcome> {
  const { folder, signal, progress } = request;
  const found = await findVolumes(request.paths);
  await prepare(folder);
  if (request.restart) await discard(folder);
  const set = chooseSet(found.volumes, await unfinished(folder), folder);
  const own = found.volumes.filter(({ manifest }) => manifest.set === set);
  const faults = [
    ...found.faults,
    ...found.volumes.filter((volume) => !own.includes(volume)).map((volume) => foreign(volume, set, folder)),
  ];
  const [first] = own;
  if (first === undefined) return { set, volumes: 0, loaded: [], missing: [], faults, lacking: null, images: null };

  const staging = await openStaging(folder, first.manifest.set);
  const loaded: number[] = [];
  const before = await volumesIn(staging);
  const rest = own.filter(({ manifest }) => !before.has(manifest.volume));
  await expectSpace(folder, await bytesToCome(staging, rest), 'What is still to be loaded takes');
  for (const volume of rest) {
    const { volume: number, volumes } = volume.manifest;
    // The same volume may be there twice, as on two media.
    if (loaded.includes(number)) continue;
    const bytes = volume.manifest.members.reduce((sum, { size }) => sum + size, 0);
    const moved = meter(`Loading volume ${number} of ${volumes}`, bytes, progress);
    const fault = await loadVolume(staging, volume, signal, moved);
    if (fault !== null) faults.push(fault);
    else {
      await markVolume(staging, number);
      loaded.push(number);
    }
  }
  const { volumes } = first.manifest;
  const after = await volumesIn(staging);
  const missing = Array.from({ length: volumes }, (_, index) => index + 1).filter((number) => !after.has(number));
  const state = { set: staging.set, volumes, loaded, missing, faults };
  if (missing.length > 0) return { ...state, lacking: null, images: null };
  progress('Looking for every blob of the lock');
  const { lacking, images } = await finish(staging, first.manifest, request.fill);
  return { ...state, lacking, images };
}

/** Throws an AirgapError (`input`) for a folder with files of somebody else. */
async function prepare(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw diskError(error, folder, '');
  }
  const names = await readdir(folder);
  if (names.length > 0 && !names.includes(layoutFile) && !names.includes(stagingName))
    throw new AirgapError(
      'input',
      `${folder} is not empty, and is no folder of images.`,
      'Choose a new folder, or the one that the earlier set was loaded into.',
    );
}

async function bytesToCome(staging: Staging, volumes: readonly Volume[]): Promise<number> {
  let bytes = 0;
  for (const member of volumes.flatMap(({ manifest }) => manifest.members)) {
    const there = (await sizeOf(placeOf(staging, member.path))) !== undefined;
    if (!there && !(member.part !== null && (await hasPart(staging, member)))) bytes += member.size;
  }
  return bytes;
}
