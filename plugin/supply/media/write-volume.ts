import { createHash } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError } from '../../../shared/errors.ts';
import { shell } from '../../doctor/shell.ts';
import { diskError } from './disk.ts';
import { manifestName, manifestText, memberName, type VolumeManifest } from './manifest.ts';
import type { Meter } from './meter.ts';
import { readRange, writeAll } from './stream-file.ts';
import { endOfArchive, header, padding } from './tar.ts';

export interface VolumeToWrite {
  readonly file: string;
  readonly manifest: VolumeManifest;
  /** Where each member is read, in the manifest's order. */
  readonly sources: readonly string[];
}

/**
 * Writes one volume and, beside it, its sum for `sha256sum -c`. Under its own name it is there only when it is whole: what
 * a run that was broken off leaves has another one. Throws an AirgapError for a source that has changed.
 */
export async function writeVolume(volume: VolumeToWrite, signal: AbortSignal, moved: Meter): Promise<void> {
  const { file } = volume;
  const half = `${file}.part`;
  try {
    const sum = await write(volume, half, signal, moved);
    await writeFile(`${file}.sha256`, `${sum}  ${path.basename(file)}\n`);
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    throw diskError(error, file, 'The same command then goes on with the volumes that are missing.');
  }
}

async function write(
  { manifest, sources }: VolumeToWrite,
  half: string,
  signal: AbortSignal,
  moved: Meter,
): Promise<string> {
  await using out = await open(half, 'w');
  const hash = createHash('sha256');
  const put = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes);
    await writeAll(out, bytes);
    moved(bytes.length);
  };
  const text = Buffer.from(manifestText(manifest));
  await put(header(manifestName, text.length));
  await put(text);
  await put(Buffer.alloc(padding(text.length)));
  for (const [index, member] of manifest.members.entries()) {
    const { part, size, sha256 } = member;
    const source = sources[index] ?? '';
    await put(header(memberName(member), size));
    await using from = await open(source);
    if ((await readRange(from, part?.offset ?? 0, size, put, signal)) !== sha256) throw wrongBytes(source);
    await put(Buffer.alloc(padding(size)));
  }
  await put(endOfArchive);
  await out.datasync();
  return hash.digest('hex');
}

/** A file of a finished folder is missing, or is not what the lock says. */
export function wrongBytes(file: string): AirgapError {
  return new AirgapError('broken', `${file} is missing or has wrong bytes.`, completed(file));
}

/** How a folder is made whole that lacks a file, on either side. */
export function completed(file: string): string {
  const folder = path.resolve(file, path.basename(path.dirname(file)) === 'sha256' ? '../../..' : '..');
  const here = shell(`dir:${folder}`);
  return `Complete the folder from the registries with "kubectl airgap mirror run --to ${here}", or from its volumes with "kubectl airgap mirror load VOLUME --to ${here}".`;
}
