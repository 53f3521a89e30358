import { stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../shared/errors.ts';
import { findVolumes } from './find-volumes.ts';
import { blobPath, lockFile, openFolder, sizeOf } from './folder.ts';
import { lockedBlobs } from './locked-blobs.ts';
import { meter, type Meter } from './meter.ts';
import type { VolumeFault } from './open-volume.ts';
import { readMembers, type Taker } from './read-members.ts';
import { sumOfFile } from './stream-file.ts';
import { completed } from './write-volume.ts';

export interface CheckRequest {
  /** Volumes, folders with volumes, or folders of images. */
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface CheckedVolume {
  readonly file: string;
  readonly set: string;
  readonly volume: number;
  readonly volumes: number;
}

export interface CheckOutcome {
  /** Volumes of which every byte was read and found right. */
  readonly good: readonly CheckedVolume[];
  /** Folders of which every blob was. */
  readonly folders: readonly { readonly path: string; readonly images: number }[];
  readonly faults: readonly VolumeFault[];
}

/** Reads everything and holds it against its sums; writes nothing. Each volume is judged alone. */
export async function checkMedia({ paths, signal, progress }: CheckRequest): Promise<CheckOutcome> {
  const kinds = await Promise.all(paths.map(async (at) => ({ at, folder: await holdsImages(at) })));
  const media = kinds.filter(({ folder }) => !folder).map(({ at }) => at);
  const found = media.length === 0 ? { volumes: [], faults: [] } : await findVolumes(media);
  const faults = [...found.faults];
  const good: CheckedVolume[] = [];
  for (const one of found.volumes) {
    const { set, volume, volumes } = one.manifest;
    const bytes = one.manifest.members.reduce((sum, member) => sum + member.size, 0);
    const moved = meter(`Reading volume ${volume} of ${volumes}`, bytes, progress);
    const fault = await readMembers(one, discarding(moved), signal).catch((error: unknown): VolumeFault => {
      signal.throwIfAborted();
      return {
        file: one.file,
        why: `It cannot be read to its end: ${messageOf(error)}.`,
        hint: 'Try another medium: this one may be failing.',
      };
    });
    if (fault === null) good.push({ file: one.file, set, volume, volumes });
    else faults.push(fault);
  }
  const folders = [];
  for (const { at } of kinds.filter(({ folder }) => folder)) {
    const checked = await checkFolder(at, signal, progress);
    faults.push(...checked.faults);
    if (checked.faults.length === 0) folders.push({ path: at, images: checked.images });
  }
  return { good, folders, faults };
}

/** Reads a member and keeps nothing of it. */
export function discarding(moved: Meter): Taker {
  const taking = { write: (bytes: Uint8Array) => Promise.resolve(moved(bytes.length)), end: () => Promise.resolve() };
  return () => Promise.resolve(taking);
}

async function holdsImages(at: string): Promise<boolean> {
  return (await sizeOf(path.join(at, lockFile))) !== undefined || (await isLayout(at));
}

async function isLayout(at: string): Promise<boolean> {
  return (await stat(path.join(at, 'blobs')).catch(() => undefined))?.isDirectory() === true;
}

async function checkFolder(
  folder: string,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<{ readonly images: number; readonly faults: readonly VolumeFault[] }> {
  const { lock } = await openFolder(folder);
  const faults: VolumeFault[] = [];
  const blobs = lockedBlobs(lock);
  const bytes = [...blobs.values()].reduce((sum, size) => sum + size, 0);
  const moved = meter(`Reading ${folder}`, bytes, progress);
  for (const [digest, size] of blobs) {
    signal.throwIfAborted();
    const file = path.join(folder, blobPath(digest));
    const length = await sizeOf(file);
    const right = length === size && `sha256:${await sumOfFile(file, signal)}` === digest;
    moved(size);
    if (!right)
      faults.push({
        file,
        why: length === undefined ? 'It is missing.' : 'It has wrong bytes.',
        hint: completed(file),
      });
  }
  return { images: lock.images.length, faults };
}
