import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { AirgapError } from '../../../shared/errors.ts';
import { amount, contentsOf, type Amount, type Contents } from './contents.ts';
import { discarding } from './check.ts';
import { diskError, expectSpace } from './disk.ts';
import { sumOf } from './folder.ts';
import { manifestText, type Member } from './manifest.ts';
import { openVolume } from './open-volume.ts';
import { planVolumes, volumeBytes, type Piece } from './plan-volumes.ts';
import { readMembers } from './read-members.ts';
import { readRange, sumOfFile } from './stream-file.ts';
import { writeVolume, wrongBytes, type VolumeToWrite } from './write-volume.ts';

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
  const { set, volumes } = await lay(request, contents, plan);
  await mkdir(to, { recursive: true }).catch((error: unknown) => {
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
    progress(`Volume ${number} of ${volumes.length}`);
    const kept = await isWhole(file, set, signal);
    if (!kept) {
      await expectSpace(to, bytes, `Volume ${number} of ${volumes.length} takes`);
      await writeVolume(volume, signal);
    }
    packed.push({ file, bytes, done: kept ? 'kept' : 'written' });
  }
  const blobs = contents.files.filter((file) => file.path.startsWith('blobs/'));
  return { set, volumes: packed, carried: amount(blobs.map(({ size }) => size)), leftOut: contents.leftOut };
}

interface LaidVolume extends VolumeToWrite {
  readonly bytes: number;
}

async function lay(
  { to, volumeSize, signal, progress }: PackRequest,
  { files, lock, since }: Contents,
  plan: readonly (readonly Piece[])[],
): Promise<{ readonly set: string; readonly volumes: readonly LaidVolume[] }> {
  const facts = [lock, since, volumeSize, files.map((file) => file.sha256)];
  const set = sumOf(Buffer.from(JSON.stringify(facts)));
  const sums = await sumsOfParts(plan.flat(), signal, progress);
  const volumes = plan.map((pieces, index): LaidVolume => {
    const members = pieces.map((piece) => memberOf(piece, sums));
    const manifest = { set, lock, since, volume: index + 1, volumes: plan.length, members };
    const number = String(index + 1).padStart(String(plan.length).length, '0');
    return {
      manifest,
      sources: pieces.map(({ file }) => file.source),
      file: path.join(to, `airgap-${set.slice(0, 12)}-${number}-of-${plan.length}.tar`),
      bytes: volumeBytes(
        Buffer.byteLength(manifestText(manifest)),
        pieces.map(({ size }) => size),
      ),
    };
  });
  return { set, volumes };
}

function memberOf(piece: Piece, sums: ReadonlyMap<Piece, string>): Member {
  const { file, size, part, parts, offset } = piece;
  const whole = { path: file.path, size, sha256: file.sha256, part: null };
  if (parts === 1) return whole;
  const about = { number: part, of: parts, offset, size: file.size, sha256: file.sha256 };
  return { ...whole, sha256: sums.get(piece) ?? '', part: about };
}

/** Only of files that are parted, which are read once more for it: the sum stands before the content in a volume. */
async function sumsOfParts(
  pieces: readonly Piece[],
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<Map<Piece, string>> {
  const sums = new Map<Piece, string>();
  for (const [source, parts] of Map.groupBy(
    pieces.filter((piece) => piece.parts > 1),
    ({ file }) => file.source,
  )) {
    progress(`Reading ${path.basename(source)}, which is larger than a volume`);
    await using handle = await open(source);
    for (const piece of parts)
      sums.set(piece, (await readRange(handle, piece.offset, piece.size, undefined, signal)) ?? '');
    // Parts of a file that is wrong as a whole would each be carried faithfully, and be found out only on the other side.
    if ((await sumOfFile(source, signal)) !== parts[0]?.file.sha256) throw wrongBytes(source);
  }
  return sums;
}

/** Whether a volume that is there already is this set's and has every byte. */
async function isWhole(file: string, set: string, signal: AbortSignal): Promise<boolean> {
  const opened = await openVolume(file);
  if (!opened.ok || opened.volume.manifest.set !== set) return false;
  return (await readMembers(opened.volume, discarding, signal)) === null;
}
