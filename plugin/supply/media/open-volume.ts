import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../../../shared/errors.ts';
import { size as sizeText } from '../../render/size.ts';
import { manifestLimit, manifestName, readManifest, type VolumeManifest } from './manifest.ts';
import { volumeBytes } from './plan-volumes.ts';
import { padding, sizeIn, taken } from './tar.ts';

/** A volume whose manifest has been read; its members have not. */
export interface Volume {
  readonly file: string;
  readonly manifest: VolumeManifest;
  /** Where the first member's header stands. */
  readonly start: number;
}

/** What is wrong with a volume, and what to do about it; both are whole sentences. */
export interface VolumeFault {
  readonly file: string;
  readonly why: string;
  readonly hint: string;
}

export type Opened =
  | { readonly ok: true; readonly volume: Volume }
  | { readonly ok: false; readonly fault: VolumeFault };

/** Reads what a volume is, and whether all of it is there. Nothing of its content is read or believed yet. */
export async function openVolume(file: string): Promise<Opened> {
  try {
    await using handle = await open(file);
    return await inspect(handle, file);
  } catch (error) {
    return wrong(file, `It cannot be read: ${messageOf(error)}.`, 'Check the path and the medium.');
  }
}

async function inspect(handle: FileHandle, file: string): Promise<Opened> {
  const { size: length } = await handle.stat();
  const first = await bytesAt(handle, 0, Math.min(length, taken(0)));
  const size = sizeIn(first, manifestName);
  if (size === undefined)
    return length < taken(0)
      ? cutOff(file, length)
      : wrong(file, 'It is no volume of kubectl airgap, or its first bytes are damaged.', again(file));
  if (size > manifestLimit) return wrong(file, 'Its manifest is larger than any that is written.', again(file));
  if (length < taken(size)) return cutOff(file, length);
  const manifest = readManifest((await bytesAt(handle, taken(0), size)).toString('utf8'));
  switch (manifest) {
    case 'no-volume':
      return wrong(file, 'It is no volume of kubectl airgap.', 'Check the path.');
    case 'newer':
      return wrong(file, 'A newer release of kubectl airgap wrote it.', 'Use that release to load it.');
    case 'damaged':
      return wrong(file, 'Its manifest is damaged.', again(file));
    default: {
      const whole = volumeBytes(
        size,
        manifest.members.map((member) => member.size),
      );
      if (length < whole) return cutOff(file, length, whole);
      // A zero byte of the filling behind the manifest counts as much as any other.
      if ((await bytesAt(handle, taken(0) + size, padding(size))).some((byte) => byte !== 0))
        return wrong(file, 'Its manifest is damaged.', again(file));
      if (length > whole)
        return wrong(file, `It is ${sizeText(length - whole)} longer than what was written.`, again(file));
      return { ok: true, volume: { file, manifest, start: taken(size) } };
    }
  }
}

async function bytesAt(handle: FileHandle, position: number, count: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, position);
  return buffer.subarray(0, bytesRead);
}

function cutOff(file: string, length: number, whole?: number): Opened {
  const of = whole === undefined ? '' : ` of ${sizeText(whole)}`;
  return wrong(file, `It is cut off: ${sizeText(length)}${of} are there.`, again(file));
}

function wrong(file: string, why: string, hint: string): { readonly ok: false; readonly fault: VolumeFault } {
  return { ok: false, fault: { file, why, hint } };
}

/** What to do about a volume whose bytes are not the ones that were written. */
export function again(file: string): string {
  return `Copy ${file} to the medium once more, and hold it against its .sha256 file before it leaves.`;
}
