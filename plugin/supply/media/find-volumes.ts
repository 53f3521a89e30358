import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError, messageOf } from '../../../shared/errors.ts';
import { openVolume, type Volume, type VolumeFault } from './open-volume.ts';

export interface Found {
  /** By number; no two are the same volume. */
  readonly volumes: readonly Volume[];
  readonly faults: readonly VolumeFault[];
}

/**
 * The volumes at these paths; a folder stands for the volumes in it. Throws an AirgapError (`input`) where a path is not
 * there, or a folder holds none.
 */
export async function findVolumes(paths: readonly string[]): Promise<Found> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const opened = await Promise.all([...new Set(files)].map(openVolume));
  const volumes = opened.flatMap((one) => (one.ok ? [one.volume] : []));
  const order = (volume: Volume): number => volume.manifest.volume;
  return {
    volumes: volumes.toSorted((a, b) => order(a) - order(b)),
    faults: opened.flatMap((one) => (one.ok ? [] : [one.fault])),
  };
}

async function filesAt(at: string): Promise<string[]> {
  try {
    if (!(await stat(at)).isDirectory()) return [path.resolve(at)];
    const names = (await readdir(at)).filter((name) => /^airgap-.*\.tar$/i.test(name)).toSorted();
    if (names.length > 0) return names.map((name) => path.resolve(at, name));
  } catch (error) {
    throw new AirgapError(
      'input',
      `${at} cannot be read: ${messageOf(error)}.`,
      'Check the path and the medium.',
      error,
    );
  }
  throw new AirgapError(
    'input',
    `${at} holds no volumes: no file in it is named airgap-….tar.`,
    'Name the files themselves, or the folder that they are in.',
  );
}
