import type { Copy, LeftOut } from './copies.ts';
import { isWhole, type Held } from './holder.ts';
import type { Part } from './parts.ts';
import type { MirrorPlan, PlannedImage, PlannedPlatform } from './plan-report.ts';

export interface PlanFacts {
  readonly lock: string;
  readonly from: string;
  readonly to: string;
  readonly copies: readonly Copy[];
  readonly leftOut: readonly LeftOut[];
  /** What the target holds of each copy, in their order. */
  readonly held: readonly Held[];
  /** Bytes per second; null where none was given. */
  readonly rate: number | null;
  /** The target's disk; null where it is no folder. */
  readonly disk: { readonly path: string; readonly free: number } | null;
}

/** Filesystems give each file whole blocks, and folders and the index take some too. */
const block = 4096;

/** The arithmetic of a plan. Pure. */
export function makePlan(facts: PlanFacts): MirrorPlan {
  const { lock, from, to, copies, leftOut, held, rate, disk } = facts;
  const absent = held.map((one, at) => (one.seen ? one.absent : (copies[at]?.parts ?? [])));
  const everything = unique(copies.flatMap(({ parts }) => parts));
  const there = new Set(
    copies.flatMap(({ parts }, at) => without(parts, absent[at] ?? []).map(({ digest }) => digest)),
  );
  const missing = [...everything.values()].filter(({ digest }) => !there.has(digest));
  const moving = new Map(
    copies.flatMap(({ target }, at) =>
      (absent[at] ?? []).map((part) => [
        disk === null ? `${target.host}/${target.path} ${part.digest}` : part.digest,
        part,
      ]),
    ),
  );
  const move = sum([...moving.values()]);
  const images = [
    ...copies.map((copy, at) => plannedImage(copy, held[at], absent[at] ?? [], disk !== null)),
    ...leftOut.map(({ image, why }) => leftOutImage(image, why)),
  ].toSorted((a, b) => (a.image < b.image ? -1 : 1));
  const count = (state: PlannedImage['state']): number => images.filter((image) => image.state === state).length;
  const needed = missing.reduce((bytes, { size }) => bytes + Math.ceil(size / block) * block, 0);
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'MirrorPlan',
    lock,
    from,
    to,
    summary: {
      images: images.length,
      copy: count('copy'),
      present: count('present'),
      leftOut: count('left-out'),
      notSeen: count('not-seen'),
      blobs: everything.size,
      unique: sum([...everything.values()]),
      missing: sum(missing),
      move,
      rate,
      seconds: rate === null ? null : Math.ceil(move / rate),
    },
    disk: disk === null ? null : { path: disk.path, needed, free: disk.free, enough: needed <= disk.free },
    platforms: byPlatform(copies, there),
    images,
  };
}

function plannedImage(
  { locked, parts, target, tag }: Copy,
  held: Held | undefined,
  absent: readonly Part[],
  folder: boolean,
): PlannedImage {
  const seen = held?.seen === true;
  return {
    image: locked.image,
    target: folder ? null : (locked.mirror ?? `${target.host}/${target.path}:${tag ?? ''}`),
    digest: locked.digest,
    state: !seen ? 'not-seen' : isWhole(held) ? 'present' : 'copy',
    bytes: sum(parts),
    missing: sum(absent),
    fault: held?.seen === false ? held.fault.code : null,
    detail: held?.seen === false ? `${held.fault.host}: ${held.fault.detail}` : tagDetail(held, absent),
  };
}

function tagDetail(held: Held | undefined, absent: readonly Part[]): string {
  return held?.seen === true && absent.length === 0 && !isWhole(held) ? 'only tags have to be set' : '';
}

function leftOutImage(image: string, why: string): PlannedImage {
  return { image, target: null, digest: '', state: 'left-out', bytes: 0, missing: 0, fault: null, detail: why };
}

function byPlatform(copies: readonly Copy[], there: ReadonlySet<string>): PlannedPlatform[] {
  const found = new Map<string, { parts: Map<string, Part>; images: Set<string> }>();
  for (const { parts, locked } of copies)
    for (const part of parts) {
      const name = part.platform ?? 'other';
      const known = found.get(name) ?? { parts: new Map<string, Part>(), images: new Set<string>() };
      known.parts.set(part.digest, part);
      known.images.add(locked.image);
      found.set(name, known);
    }
  return [...found]
    .map(([platform, { parts, images }]) => ({
      platform,
      images: images.size,
      bytes: sum([...parts.values()]),
      missing: sum([...parts.values()].filter(({ digest }) => !there.has(digest))),
    }))
    .toSorted(
      (a, b) => Number(a.platform === 'other') - Number(b.platform === 'other') || (a.platform < b.platform ? -1 : 1),
    );
}

function unique(parts: readonly Part[]): Map<string, Part> {
  return new Map(parts.map((part) => [part.digest, part]));
}

function without(parts: readonly Part[], others: readonly Part[]): Part[] {
  const gone = new Set(others.map(({ digest }) => digest));
  return parts.filter(({ digest }) => !gone.has(digest));
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((bytes, { size }) => bytes + size, 0);
}
