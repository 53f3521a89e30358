import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Contents } from './contents.ts';
import { sumOf } from './folder.ts';
import { manifestText, type Member } from './manifest.ts';
import { meter } from './meter.ts';
import { volumeBytes, type Piece } from './plan-volumes.ts';
import { readRange, type Sink } from './stream-file.ts';
import { wrongBytes, type VolumeToWrite } from './write-volume.ts';

interface LayRequest {
  readonly to: string;
  readonly volumeSize: number;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

interface LaidVolume extends VolumeToWrite {
  readonly bytes: number;
}

/** Names and manifests of the volumes of a plan; the same for the same contents and size, but for the folder. */
export async function layVolumes(
  { to, volumeSize, signal, progress }: LayRequest,
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
  const parted = Map.groupBy(
    pieces.filter(({ parts }) => parts > 1),
    ({ file }) => file,
  );
  for (const [file, parts] of parted) {
    const moved = meter('Reading a blob that is larger than a volume', file.size, progress);
    const whole = createHash('sha256');
    const note: Sink = (bytes) => {
      whole.update(bytes);
      return Promise.resolve(moved(bytes.length));
    };
    await using handle = await open(file.source);
    for (const piece of parts.toSorted((a, b) => a.offset - b.offset))
      sums.set(piece, (await readRange(handle, piece.offset, piece.size, note, signal)) ?? '');
    // Parts of a file that is wrong as a whole would each be carried faithfully, and be found out only on the other side.
    if (whole.digest('hex') !== file.sha256) throw wrongBytes(file.source);
  }
  return sums;
}
