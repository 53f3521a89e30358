import { messageOf } from '../../../shared/errors.ts';
import { inTurns } from '../../in-turns.ts';
import { accessesTo, findSignaturePolicy } from './accesses.ts';
import { copiesOf, type Copy, type LeftOut } from './copies.ts';
import { copyImage, lookFirst, missingBytes, type Told, type Workshop } from './copy-image.ts';
import { endText, type End } from './end.ts';
import type { FoundEngine } from './engines/find.ts';
import { beginContents, type Contents } from './folder/contents.ts';
import { carryFiles, placeFiles } from './folder/files.ts';
import { fillFolder, openFolder, type Folder } from './folder/folder.ts';
import { folderHolder } from './folder/holder.ts';
import { openGateway, type Gateway } from './gateway/gateway.ts';
import { isWhole } from './holder.ts';
import { lockOf, reach, type Reached, type ReachRequest } from './open-ends.ts';
import { privateFolder } from './private-folder.ts';
import { registryHolder } from './registry-holder.ts';
import { makeReport, type MirroredImage, type MirrorReport } from './run-report.ts';
import { folderSource, registrySource } from './source.ts';
import { untilEnded } from './until-ended.ts';
import type { Watch } from './watch.ts';
import { widen } from './widen.ts';

export interface RunRequest extends ReachRequest {
  /** Undefined for the one of the folder that is copied from, and `airgap.lock.yaml` otherwise. */
  readonly file: string | undefined;
  readonly from: End;
  readonly to: End;
  readonly found: FoundEngine;
  /** Images at a time. */
  readonly jobs: number;
  readonly retries: number;
  /** Whether an index is copied with the platforms that are not locked too. */
  readonly allPlatforms: boolean;
  readonly watch: Watch;
}

/** Why a registry gets no chart archives and files. */
const stays = 'it is no image, and stays beside the lock';

/** Milliseconds before the second attempt. */
const firstWait = 1000;
/** Images that are looked for at a time in a registry, and in a folder, whose disk reads one file best after the other. */
const questions = 16;
const disks = 2;

/**
 * Copies what a lock pins and reads it back. All content is addressed by its digest, so a run that was killed is taken up
 * by the next one where it stood. One image's failure stops no other; only a folder that cannot be written any more does.
 */
export function runMirror(request: RunRequest): Promise<MirrorReport> {
  return untilEnded(request.signal, (signal) => run({ ...request, signal }));
}

async function run(request: RunRequest): Promise<MirrorReport> {
  const { from, to, found, watch } = request;
  const started = performance.now();
  const { lock, text, file } = await lockOf(request.file, from);
  const { copies, leftOut } = copiesOf(lock, to);
  const reached = await reach(lock, request);
  await using ends = await openEnds(request, reached, { text, file });
  const widened = request.allPlatforms ? await widen(reached.registries, lock, copies) : copies;
  const files = await privateFolder();
  try {
    const shop: Workshop = {
      found,
      source: ends.source === null ? registrySource(reached.registries) : folderSource(ends.source),
      target: ends.target === null ? registryHolder(reached.registries) : folderHolder(ends.target),
      accesses: accessesTo(reached, ends.gateways, await findSignaturePolicy()),
      privateFolder: files,
      retries: request.retries,
      delay: firstWait,
      env: request.env,
      signal: ends.signal,
      clear: async (held) => {
        if (ends.target === null || !held.seen) return;
        await ends.contents?.spoil();
        for (const { digest } of held.absent)
          if ((await ends.target.check(digest)) === 'damaged') await ends.target.discard(digest);
      },
    };
    const others =
      ends.target === null
        ? (lock.files ?? []).map(({ source }) => leftOutImage({ image: source, why: stays, missed: false }))
        : await carryFiles(lock, { lockFile: file, from: from.kind === 'folder' ? from.path : null, to: ends.target });
    const images = [...(await copyAll(request, shop, widened, ends)), ...others];
    if (ends.contents !== null && images.every(({ state }) => state !== 'failed')) {
      if (ends.target !== null) await placeFiles(ends.target.path, lock);
      await ends.contents.complete();
    }
    const ways = { lock: file, engine: found.engine.name, from: endText(from), to: endText(to) };
    return makeReport({ ...ways, seconds: tenths(started) }, [...images, ...leftOut.map(leftOutImage)]);
  } finally {
    watch.stop();
    files.remove();
    reached.registries.close();
  }
}

/** Looks at all images first, which takes round trips and no bandwidth, and then copies what is missing. */
async function copyAll(
  { jobs, watch, to }: RunRequest,
  shop: Workshop,
  copies: readonly Copy[],
  { contents, problem }: Ends,
): Promise<MirroredImage[]> {
  watch.look(copies.length);
  const done: MirroredImage[] = [];
  const end = async (copy: Copy, begun: number, told: Told): Promise<void> => {
    if (told.state !== 'failed') await contents?.add(copy.locked);
    const why = told.state === 'failed' ? problem() : null;
    const image = { ...about(copy), seconds: tenths(begun), ...told, ...(why === null ? {} : { detail: why }) };
    done.push(image);
    watch.end(copy, image);
  };
  const looked = await inTurns(copies, to.kind === 'folder' ? disks : questions, async (copy) => {
    const begun = performance.now();
    const first = await lookFirst(shop, copy);
    if ('seen' in first) return [{ copy, first }];
    await end(copy, begun, first);
    return [];
  });
  const missing = looked.flat();
  watch.copy(missing.reduce((sum, { first }) => sum + missingBytes(first), 0));
  await inTurns(missing, jobs, async ({ copy, first }) => {
    const begun = performance.now();
    watch.begin(copy, missingBytes(first));
    await end(copy, begun, await copyImage(shop, copy, first));
  });
  return to.kind === 'folder' ? Promise.all(done.map((image) => stillThere(image, shop, copies))) : done;
}

/** What images share is one file in a folder: once more, before it is called complete, all of it must be there. */
async function stillThere(image: MirroredImage, { target }: Workshop, copies: readonly Copy[]): Promise<MirroredImage> {
  const copy = copies.find(({ locked }) => locked.image === image.image);
  if (copy === undefined || image.state === 'failed') return image;
  const held = await target.look(copy, 'quick');
  if (isWhole(held)) return image;
  const missing = held.seen ? held.absent.map(({ digest }) => digest) : [];
  return { ...image, state: 'failed', missing, detail: `it is not there any more: ${missing.join(', ')}` };
}

function about({ locked, tag, target }: Copy): Pick<MirroredImage, 'image' | 'target' | 'digest'> {
  const place = tag === null ? null : (locked.mirror ?? `${target.host}/${target.path}:${tag}`);
  return { image: locked.image, target: place, digest: locked.digest };
}

function tenths(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}

interface Ends extends AsyncDisposable {
  readonly source: Folder | null;
  readonly target: Folder | null;
  readonly gateways: { readonly source: Gateway | null; readonly target: Gateway | null };
  readonly contents: Contents | null;
  /** Aborted by the user, and by a folder that cannot be written any more. */
  readonly signal: AbortSignal;
  /** Why the folder cannot be written any more. */
  readonly problem: () => string | null;
}

async function openEnds(
  { from, to, signal, watch }: RunRequest,
  reached: Reached,
  lock: { readonly text: string; readonly file: string },
): Promise<Ends> {
  const stop = new AbortController();
  let problem: string | null = null;
  const broken = (error: unknown): void => {
    problem ??= `the folder cannot be written: ${messageOf(error)}`;
    stop.abort();
  };
  const source = from.kind === 'folder' ? await openFolder(from.path) : null;
  const target = to.kind === 'folder' ? await fillFolder(to.path) : null;
  const gateway = async (folder: Folder | null, writable: boolean): Promise<Gateway | null> =>
    folder === null ? null : openGateway({ folder, writable, moved: watch.moved, broken });
  const gateways = { source: await gateway(source, false), target: await gateway(target, true) };
  return {
    source,
    target,
    gateways,
    contents: target === null ? null : await beginContents(target, lock),
    signal: AbortSignal.any([signal, stop.signal]),
    problem: () => problem,
    [Symbol.asyncDispose]: async () => {
      await gateways.source?.[Symbol.asyncDispose]();
      await gateways.target?.[Symbol.asyncDispose]();
      await target?.clear();
      reached.registries.close();
    },
  };
}

function leftOutImage({ image, why, missed }: LeftOut): MirroredImage {
  const nothing = { target: null, digest: '', attempts: 0, seconds: 0, bytes: 0, missing: [], fault: null };
  return { ...nothing, image, state: missed ? 'failed' : 'left-out', detail: why };
}
