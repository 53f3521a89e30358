import { normalize, parseReference, repositoryOf, suffixOf, type Reference } from '../image/reference.ts';
import { shown } from '../image/quote.ts';
import type { CompiledPolicy, MirrorRule, Verdict } from './compile.ts';

export type Action = 'rewrite' | 'allow' | 'reject' | 'invalid';

/** What a policy does to one image, whatever its mode. `result` is what a pod would hold afterwards. */
export interface Decision {
  readonly image: string;
  readonly normalized: string | null;
  readonly action: Action;
  readonly result: string | null;
  readonly rule: MirrorRule | null;
  /** One sentence. */
  readonly reason: string;
}

const longest = 512;
const most = 2048;
const decided = new WeakMap<CompiledPolicy, Map<string, Decision>>();

/** Total and deterministic: any string gets a decision. The same few images come again and again, so they are kept. */
export function decide(policy: CompiledPolicy, image: string): Decision {
  let known = decided.get(policy);
  if (known === undefined) decided.set(policy, (known = new Map<string, Decision>()));
  const found = known.get(image);
  if (found !== undefined) return found;
  const decision = decideAnew(policy, image);
  // Names that users invent must not fill the memory.
  if (known.size >= most) known.clear();
  if (image.length <= longest) known.set(image, decision);
  return decision;
}

function decideAnew(policy: CompiledPolicy, image: string): Decision {
  const parsed = parseReference(image);
  if (!parsed.ok)
    return { image, normalized: null, action: 'invalid', result: null, rule: null, reason: parsed.reason };
  const { reference } = parsed;
  const found = longestPrefix(policy, repositoryOf(reference));
  const known = { image, normalized: normalize(reference) };
  if (found === null)
    return { ...known, action: 'reject', result: image, rule: null, reason: whyNothing(policy, reference) };
  const { prefix, verdict } = found;
  if (verdict.does === 'allow')
    return { ...known, action: 'allow', result: image, rule: null, reason: whyAllowed(prefix, verdict.because) };

  const { target, rule } = verdict;
  const result = target + repositoryOf(reference).slice(prefix.length) + suffixOf(reference);
  const rewritten = parseReference(result);
  if (!rewritten.ok)
    return {
      ...known,
      action: 'reject',
      result: image,
      rule,
      reason: `the rule for ${rule.sourcePrefix} makes it ${shown(result)}: ${rewritten.reason}`,
    };
  const reason = `${rule.sourcePrefix} is mirrored to ${rule.targetPrefix}`;
  return { ...known, action: 'rewrite', result, rule, reason };
}

/** The longest prefix that covers a repository by whole segments. */
function longestPrefix(policy: CompiledPolicy, repository: string): { prefix: string; verdict: Verdict } | null {
  for (let end = repository.length; end > 0; end = repository.lastIndexOf('/', end - 1)) {
    const prefix = repository.slice(0, end);
    const verdict = policy.verdicts.get(prefix);
    if (verdict === undefined) continue;
    if (verdict.does === 'allow' || verdict.wholeNames || end < repository.length) return { prefix, verdict };
  }
  return null;
}

function whyAllowed(prefix: string, because: 'target' | 'allowed'): string {
  return because === 'target' ? `${prefix} is the target of a mirror` : `${prefix} is an allowed prefix`;
}

/** Names the prefix that would help: the part of the name that a mirror usually takes as a whole. */
function whyNothing(policy: CompiledPolicy, reference: Reference): string {
  const repository = repositoryOf(reference);
  const prefix = repository.slice(0, repository.lastIndexOf('/'));
  return `no mirror covers it and no prefix allows it: add a mirror with sourcePrefix ${shown(prefix)} to policy ${policy.name}, or allow a prefix of it`;
}
