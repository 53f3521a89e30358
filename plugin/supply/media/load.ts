import { mkdir, readdir } from 'node:fs/promises';
import { AirgapError } from '../../../shared/errors.ts';
import { diskError, expectSpace } from './disk.ts';
import { finish, type Fill, type Lacking } from './finish.ts';
import { findVolumes } from './find-volumes.ts';
import { layoutFile, sizeOf } from './folder.ts';
import type { Member } from './manifest.ts';
import type { Volume, VolumeFault } from './open-volume.ts';
import { hasPart, join, takePart } from './parts.ts';
import { readMembers } from './read-members.ts';
import {
  discard,
  isThere,
  markVolume,
  openStaging,
  placeOf,
  stagingName,
  takeFile,
  unfinished,
  volumesIn,
} from './staging.ts';
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
  readonly set: string;
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
  const set = choose(found.volumes, await unfinished(folder), folder);
  const own = found.volumes.filter(({ manifest }) => manifest.set === set);
  const faults = [
    ...found.faults,
    ...found.volumes.filter((volume) => !own.includes(volume)).map((volume) => foreign(volume, set, folder)),
  ];
  const [first] = own;
  if (first === undefined)
    return { set: set ?? '', volumes: 0, loaded: [], missing: [], faults, lacking: null, images: null };

  const staging = await openStaging(folder, first.manifest.set);
  const loaded: number[] = [];
  const before = await volumesIn(staging);
  const rest = own.filter(({ manifest }) => !before.has(manifest.volume));
  await expectSpace(folder, await bytesToCome(staging, rest), 'What is still to be loaded takes');
  for (const volume of rest) {
    const { volume: number, volumes } = volume.manifest;
    progress(`Loading volume ${number} of ${volumes}`);
    const fault = await loadVolume(staging, volume, signal);
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
    await mkdir(folder, { recursive: true });
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

/** The set that is loaded: the one that was begun, or else the only one that is there. */
function choose(volumes: readonly Volume[], begun: string | null, folder: string): string | null {
  const sets = [...new Set(volumes.map(({ manifest }) => manifest.set))];
  if (begun !== null && (sets.length === 0 || sets.includes(begun))) return begun;
  const [set, other] = sets;
  if (other === undefined) return begun ?? set ?? null;
  const [one, two] = [set, other].map((name) => volumes.find(({ manifest }) => manifest.set === name)?.file);
  throw new AirgapError(
    'input',
    `These volumes are of different sets: ${one} and ${two}.`,
    `Load one set after the other into ${folder}, the older one first.`,
  );
}

function foreign({ file, manifest }: Volume, set: string | null, folder: string): VolumeFault {
  return {
    file,
    why: `It is volume ${manifest.volume} of another set (${manifest.set.slice(0, 12)}), and ${folder} is half filled from set ${set?.slice(0, 12)}.`,
    hint: 'Load the missing volumes of that set first, or drop what is loaded of it with --restart.',
  };
}

async function bytesToCome(staging: Staging, volumes: readonly Volume[]): Promise<number> {
  let bytes = 0;
  for (const { size, path } of volumes.flatMap(({ manifest }) => manifest.members))
    if ((await sizeOf(placeOf(staging, path))) === undefined) bytes += size;
  return bytes;
}

async function loadVolume(staging: Staging, volume: Volume, signal: AbortSignal): Promise<VolumeFault | null> {
  try {
    const fault = await readMembers(volume, (member) => taker(staging, member), signal);
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

async function taker(staging: Staging, member: Member) {
  if (await isWhole(staging, member)) return null;
  if (member.part === null) return takeFile(staging, member);
  return (await hasPart(staging, member)) ? null : takePart(staging, member);
}

function isWhole(staging: Staging, { path, size, sha256, part }: Member): Promise<boolean> {
  return isThere(staging, part === null ? { path, size, sha256 } : { path, size: part.size, sha256: part.sha256 });
}
