import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../../shared/registry/fault.ts';
import type { Secret } from '../../../shared/registry/secret.ts';
import type { Copy } from './copies.ts';
import type { Accesses, Order } from './engines/engine.ts';
import type { FoundEngine } from './engines/find.ts';
import { isWhole, type Held, type Holder } from './holder.ts';
import type { PrivateFolder } from './private-folder.ts';
import { runProgram, type Ended } from './run-program.ts';
import type { MirroredImage } from './run-report.ts';
import type { Offer, Source } from './source.ts';

/** What every copy of a run shares. */
export interface Workshop {
  readonly found: FoundEngine;
  readonly source: Source;
  readonly target: Holder;
  readonly accesses: (copy: Copy) => Promise<{ readonly ok: true; readonly value: Accesses } | Failed>;
  readonly privateFolder: PrivateFolder;
  /** How often to try again after a failure that may pass. */
  readonly retries: number;
  /** Milliseconds before the second attempt; doubled for each one after it. */
  readonly delay: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Takes away what is there and damaged, and never what another copy has brought meanwhile. */
  readonly clear: (held: Held) => Promise<void>;
}

interface Failed {
  readonly ok: false;
  readonly fault: Fault;
}

/** Bytes a second below which a copy does not go on but stands still, and what it has beside that, in milliseconds. */
const slowest = 64 * 1024;
const grace = 15 * 60_000;

export function missingBytes({ absent }: Held & { readonly seen: true }): number {
  return absent.reduce((sum, { size }) => sum + size, 0);
}

export type Told = Pick<MirroredImage, 'state' | 'attempts' | 'bytes' | 'missing' | 'fault' | 'detail'>;

/** What is known of an image before anything is copied: a result where there is nothing to do, or what is missing. */
export async function lookFirst(
  { target, signal, clear }: Workshop,
  copy: Copy,
): Promise<Told | (Held & { readonly seen: true })> {
  if (signal.aborted) return failed(copy, null, 0, 0, 'not begun', null);
  const held = await target.look(copy, 'whole');
  if (!held.seen) return failed(copy, held, 0, 0, faultText(held.fault), held.fault);
  if (isWhole(held)) return { state: 'present', attempts: 0, bytes: 0, missing: [], fault: null, detail: '' };
  await clear(held);
  return held;
}

/** Copies one image and reads it back, until all of it is there or trying again is of no use. Never throws. */
export async function copyImage(shop: Workshop, copy: Copy, first: Held & { readonly seen: true }): Promise<Told> {
  const bytes = missingBytes(first);
  let held: Held = first;
  let takeAll = false;
  let detail = '';
  for (let attempt = 1; ; attempt += 1) {
    if (shop.signal.aborted) return failed(copy, held, attempt - 1, bytes, 'stopped before it was done', null);
    if (attempt > 1 && held.seen) await shop.clear(held);
    const offer = await shop.source.offer(copy, held.seen ? held.absent : copy.parts);
    if (!offer.ok) return failed(copy, held, attempt - 1, bytes, faultText(offer.fault), offer.fault);
    const limit = AbortSignal.timeout(Math.min(Math.round(grace + (bytes / slowest) * 1000), 2 ** 31 - 1));
    const timed = { ...shop, signal: AbortSignal.any([shop.signal, limit]) };
    const ended = await order(timed, copy, offer.value, takeAll);
    if ('fault' in ended) return failed(copy, held, attempt - 1, bytes, faultText(ended.fault), ended.fault);
    held = await shop.target.look(copy, 'whole');
    if (isWhole(held)) return { state: 'copied', attempts: attempt, bytes, missing: [], fault: null, detail };
    if (shop.signal.aborted) return failed(copy, held, attempt, bytes, 'stopped before it was done', null);
    const verdict = judge(copy, held, ended, offer.value, takeAll);
    if (verdict.next === 'give-up' || (verdict.next === 'again' && attempt > shop.retries))
      return failed(copy, held, attempt, bytes, verdict.detail, held.seen ? null : held.fault);
    if (verdict.next === 'take-all') {
      takeAll = true;
      detail = verdict.detail;
      continue;
    }
    const wait = shop.delay * 2 ** (attempt - 1) * (1 + Math.random() / 5);
    await sleep(Math.min(wait, 60_000), undefined, { signal: shop.signal }).catch(() => undefined);
  }
}

/** Starts the engine's calls one after the other; the first that fails ends them. */
async function order(
  { found, accesses, privateFolder, env, signal }: Workshop,
  copy: Copy,
  offer: Offer,
  takeAll: boolean,
): Promise<Ended | { readonly fault: Fault }> {
  const reached = await accesses(copy);
  if (!reached.ok) return { fault: reached.fault };
  const { engine, program } = found;
  const { source, target } = reached.value;
  const { locked, tag } = copy;
  const wanted: Order = {
    source: source.repository,
    target: target.repository,
    digest: locked.digest,
    tag,
    children: offer.partial && !takeAll ? locked.manifests : null,
    artifacts: locked.artifacts,
  };
  const folder = await privateFolder.write(engine.files(reached.value));
  try {
    for (const args of engine.calls(wanted, reached.value, folder.path)) {
      const ended = await runProgram(program, args, {
        env: { ...env, ...engine.environment(folder.path) },
        signal,
        secrets: [source, target].flatMap(({ login }) => secretsOf(login)),
      });
      if (ended.code !== 0) return ended;
    }
    return { code: 0, words: '' };
  } finally {
    await folder.remove();
  }
}

function secretsOf(login: Accesses['source']['login']): Secret[] {
  if (login === null) return [];
  if (login.kind !== 'basic') return [login.token];
  // A user's name stands in half of all messages, but some registries take a token in its place.
  return login.username.reveal().length < 16 ? [login.password] : [login.username, login.password];
}

/** What to do about an image that is not whole after an attempt. */
function judge(
  { locked, target }: Copy,
  held: Held,
  ended: Ended,
  offer: Offer,
  takeAll: boolean,
): { readonly next: 'again' | 'take-all' | 'give-up'; readonly detail: string } {
  const said = ended.code === 0 ? '' : lastWords(ended);
  if (!held.seen) return { next: 'again', detail: [said, faultText(held.fault)].filter(Boolean).join('; ') };
  // All that belongs to the locked platforms came, and the index over them did not.
  const refused =
    ended.code !== 0 &&
    offer.partial &&
    !takeAll &&
    held.absent.every(({ digest, platform }) => digest === locked.digest || platform === undefined) &&
    held.absent.some(({ digest }) => digest === locked.digest);
  if (refused && offer.all)
    return { next: 'take-all', detail: `${target.host} takes an index only with all of its platforms: all are copied` };
  if (refused)
    return {
      next: 'give-up',
      detail: `${target.host} takes an index only with all of its platforms, and they are not all in the folder: fill it with --all-platforms (${said})`,
    };
  if (ended.code === 0 && held.absent.length === 0 && held.untagged.length === 0)
    return {
      next: 'give-up',
      detail: `the list of referrers in ${target.host} lacks ${held.unlisted.join(', ')}: regctl writes it`,
    };
  const short = [
    held.absent.length === 0
      ? ''
      : `not read back from the target: ${held.absent.map(({ digest }) => digest).join(', ')}`,
    held.untagged.length === 0 ? '' : `tags that name something else or nothing: ${held.untagged.join(', ')}`,
    held.detail,
  ];
  return { next: 'again', detail: said === '' ? short.filter((part) => part !== '').join('; ') : said };
}

function lastWords({ code, words }: Ended): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  return lines.at(-1) ?? `the engine ended with ${code === null ? 'a signal' : `exit code ${code}`}`;
}

function failed(
  copy: Copy,
  held: Held | null,
  attempts: number,
  bytes: number,
  detail: string,
  fault: Fault | null,
): Told {
  const missing = held?.seen === true ? held.absent : copy.parts;
  return {
    state: 'failed',
    attempts,
    bytes,
    missing: missing.map(({ digest }) => digest),
    fault: fault?.code ?? null,
    detail,
  };
}

function faultText({ host, detail }: Fault): string {
  return `${host}: ${detail}`;
}
