import type { CauseId } from '../causes/ids.ts';
import { bound } from './bound.ts';
import { decide } from './decide.ts';
import { deciding } from './deciding.ts';
import { factsOf } from './facts.ts';
import { behindMirror } from './mirror.ts';
import { read, type Read } from './read.ts';
import { hostOf } from './reference.ts';
import { runtimeName } from './runtime.ts';
import { splitAttempts, unwrap, type Unwrapped } from './unwrap.ts';
import type { Circumstances, Verdict } from './verdict.ts';

export type Verdicts = readonly [Verdict, ...Verdict[]];

/**
 * Names the causes of one failure from what the kubelet or the runtime said. Total: any text gives at least one
 * verdict, `unclassified` where nothing is known. More than one where runtimes print the same text for two causes, or
 * where one text tells of several attempts. Costs the same for a message of 32 KiB and of 10 MB.
 */
export function classify(message: string, circumstances: Circumstances = {}): Verdicts {
  const verdicts = splitAttempts(bound(message).trimEnd()).flatMap((text) => ofAttempt(text, circumstances));
  const byCause = new Map<CauseId, Verdict>();
  for (const verdict of verdicts) if (!byCause.has(verdict.cause)) byCause.set(verdict.cause, verdict);
  // Several attempts of which one is understood: the one that is not adds nothing.
  if (byCause.size > 1) byCause.delete('unclassified');
  const [first = unclassified, ...rest] = byCause.values();
  return [first, ...rest];
}

const unclassified: Verdict = { cause: 'unclassified', confidence: 'guess', role: 'registry', facts: {} };

function ofAttempt(text: string, circumstances: Circumstances): readonly Verdict[] {
  const unwrapped = unwrap(text);
  const source = verdictsOf(read(text, unwrapped, circumstances), circumstances);
  const mirrors = ofMirrors(unwrapped, circumstances);
  if (mirrors.length === 0) return source;
  // The upstream is tried last, and inside a gap it fails by design; only an answer of it adds anything.
  return [...mirrors, ...source.filter(({ cause }) => !/^(?:dns|net|proxy)-|^unclassified$/.test(cause))];
}

/** CRI-O's list of attempts: the same errors as anywhere, but each host is known to be a mirror. */
function ofMirrors({ mirrors }: Unwrapped, circumstances: Circumstances): readonly Verdict[] {
  const upstream = circumstances.image === undefined ? undefined : hostOf(circumstances.image);
  return mirrors.flatMap(({ reference, error }) => {
    const known = { ...circumstances, image: reference, runtime: 'cri-o://1.0' };
    return verdictsOf(read(error, unwrap(error), known), known).map((verdict): Verdict => ({
      ...verdict,
      cause: verdict.cause === 'image-not-found' ? 'mirror-miss' : verdict.cause,
      role: verdict.role === 'registry' ? 'mirror' : verdict.role,
      facts: { ...verdict.facts, role: 'mirror', ...(upstream === undefined ? {} : { upstream }) },
    }));
  });
}

function verdictsOf(read: Read, circumstances: Circumstances): Verdicts {
  const causes = decide(read, circumstances);
  const [cause] = causes;
  const facts = factsOf(read, cause, runtimeName(circumstances.runtime ?? '', circumstances.kubelet ?? ''));
  const { role, host } = read.where;
  const image = read.image === undefined ? {} : { image: read.image };
  const base = { role, facts, ...image, ...(host === undefined || withoutHost.has(cause) ? {} : { host }) };
  const alternative = behindMirror(cause, read.where, circumstances);
  if (alternative !== undefined) {
    const { decide } = alternative;
    return [
      { ...base, cause, confidence: 'likely', decide },
      { ...base, cause: alternative.cause, confidence: 'likely', decide, facts: { ...facts, inner: cause } },
    ];
  }
  if (causes.length === 1) return [{ ...base, cause, confidence: confidenceIn(cause) }];
  const between = deciding(causes);
  const likely = { ...base, confidence: 'likely', ...(between === undefined ? {} : { decide: between }) } as const;
  const [, ...others] = causes;
  return [{ ...likely, cause }, ...others.map((other): Verdict => ({ ...likely, cause: other }))];
}

/** What happens on the node alone; no host has failed, whatever the reference names. */
const withoutHost = new Set<CauseId>([
  'invalid-image-name',
  'short-name',
  'kubelet-qps',
  'disk-full',
  'never-pull',
  'never-pull-unverified',
  'image-inspect',
  'runtime-config',
  'image-volume',
  'node-content-corrupt',
]);

function confidenceIn(cause: CauseId): Verdict['confidence'] {
  if (cause === 'unclassified') return 'guess';
  return cause === 'auth-or-not-found' ? 'likely' : 'certain';
}
