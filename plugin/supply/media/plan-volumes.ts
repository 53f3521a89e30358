import { endOfArchive, taken } from './tar.ts';

/** A file to carry. */
export interface Carried {
  /** Where it belongs in the folder: `blobs/sha256/…`, `index.json`. */
  readonly path: string;
  /** Where it is read. */
  readonly source: string;
  readonly size: number;
  readonly sha256: string;
}

/** A file, or the part of one that is larger than a volume. */
export interface Piece {
  readonly file: Carried;
  /** Where in the file it begins, and how many bytes of it there are. */
  readonly offset: number;
  readonly size: number;
  /** From 1 to `parts`; both are 1 for a whole file. */
  readonly part: number;
  readonly parts: number;
}

/** More than the line of a member in the manifest can take: two digests, a path, five numbers, the names of the keys. */
const memberLine = 480;
/** What every volume holds beside its members: the manifest's own lines and header, and the end of the archive. */
const frame = taken(1024) + endOfArchive.length;
/** Smaller volumes would be more frame than content. */
export const smallestVolume = 16 * 1024;

/**
 * Which piece goes into which volume, none of which becomes larger than `volumeSize` bytes. The same for the same files
 * and size, in whatever order they come. Only a file that fits in no volume is parted; what is largest is placed first,
 * each piece in the first volume that has room for it.
 */
export function planVolumes(files: readonly Carried[], volumeSize: number): Piece[][] {
  const room = volumeSize - frame;
  const volumes: { room: number; readonly pieces: Piece[] }[] = [];
  const pieces = files.flatMap((file) => partsOf(file, room)).toSorted(largestFirst);
  const least = Math.min(...pieces.map(cost));
  // Volumes with room for nothing more are not looked at again.
  let open: typeof volumes = [];
  for (const piece of pieces) {
    let volume = open.find((candidate) => candidate.room >= cost(piece));
    if (volume === undefined) {
      volume = { room, pieces: [] };
      volumes.push(volume);
      open.push(volume);
    }
    volume.pieces.push(piece);
    volume.room -= cost(piece);
    if (volume.room < least) open = open.filter((candidate) => candidate !== volume);
  }
  return volumes.map((volume) => volume.pieces.toSorted(byPath));
}

function cost({ size }: Piece): number {
  return taken(size) + memberLine;
}

function partsOf(file: Carried, room: number): Piece[] {
  const whole = { file, offset: 0, size: file.size, part: 1, parts: 1 };
  if (cost(whole) <= room) return [whole];
  const most = room - memberLine - taken(0);
  const length = most - (most % 512);
  const parts = Math.ceil(file.size / length);
  return Array.from({ length: parts }, (_, index) => {
    const offset = index * length;
    return { file, offset, size: Math.min(length, file.size - offset), part: index + 1, parts };
  });
}

function largestFirst(a: Piece, b: Piece): number {
  return b.size - a.size || byPath(a, b);
}

function byPath(a: Piece, b: Piece): number {
  if (a.file.path === b.file.path) return a.part - b.part;
  return a.file.path < b.file.path ? -1 : 1;
}

/** Bytes of a volume with a manifest of so many bytes and members of these sizes. */
export function volumeBytes(manifest: number, sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + taken(size), taken(manifest)) + endOfArchive.length;
}
