import { stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { inTurns } from '../../in-turns.ts';
import { copiesOf } from './copies.ts';
import { endText, type End } from './end.ts';
import { openFolder } from './folder/folder.ts';
import { folderHolder } from './folder/holder.ts';
import type { Holder } from './holder.ts';
import { lockOf, reach, type ReachRequest } from './open-ends.ts';
import { makePlan } from './plan.ts';
import type { MirrorPlan } from './plan-report.ts';
import { registryHolder } from './registry-holder.ts';

export interface PlanRequest extends ReachRequest {
  /** Undefined for the one of the folder that is copied from, and `airgap.lock.yaml` otherwise. */
  readonly file: string | undefined;
  readonly from: End;
  readonly to: End;
  readonly platforms: readonly string[];
  readonly rate: number | null;
  readonly progress: (line: string) => void;
}

const parallel = 16;

/** Looks at the target and says what a run would do. Reads headers and file sizes only; changes nothing. */
export async function planMirror(request: PlanRequest): Promise<MirrorPlan> {
  const { from, to, platforms, rate, progress } = request;
  const { lock, file } = await lockOf(request.file, from);
  const { copies, leftOut } = copiesOf(lock, to, platforms);
  const { registries } = await reach(lock, request);
  try {
    const holder = to.kind === 'registry' ? registryHolder(registries) : await filledFolder(to.path);
    let done = 0;
    const held = await inTurns(copies, parallel, async (copy) => {
      const state = await holder.look(copy, 'quick');
      progress(`Looked for ${(done += 1)} of ${copies.length}: ${copy.locked.image}`);
      return state;
    });
    const disk = to.kind === 'registry' ? null : { path: to.path, free: await freeAt(to.path) };
    return makePlan({ lock: file, from: endText(from), to: endText(to), copies, leftOut, held, rate, disk });
  } finally {
    registries.close();
  }
}

/** A folder that is not there yet holds nothing. */
async function filledFolder(folder: string): Promise<Holder> {
  const there = await stat(path.join(folder, 'oci-layout')).catch(() => null);
  if (there !== null) return folderHolder(await openFolder(folder));
  return {
    look: ({ parts }) => Promise.resolve({ seen: true, absent: parts, untagged: [], unlisted: [], detail: '' }),
  };
}

/** Of the disk that the folder is on, or will be on: the nearest folder above it that exists. */
async function freeAt(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const above = path.dirname(folder);
    if (above === folder) throw error;
    return freeAt(above);
  }
}
