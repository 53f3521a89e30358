import { covers } from '../../image/prefix.ts';
import { longestPath, longestTag, patterns } from '../../image/grammar.ts';
import { isRepository, type CompiledPolicy } from '../compile.ts';
import { celList, celPattern, quotePattern } from './literal.ts';
import { places, type Place } from './places.ts';
import { lacksSecrets } from './pull-secrets.ts';
import { templateSpec } from './matched.ts';

/** A longer pattern costs more on every pod than it spares: the API server counts its length for each image. */
const longestPattern = 600;

/**
 * Whether some image of a pod spec is not at first sight as the policy wants it: one pattern for each image, of the
 * prefixes below which nothing is rewritten. False means that there is nothing to do, true that it has to be looked at.
 */
export function someImageToJudge(policy: CompiledPolicy, podSpec: string): string {
  const pattern = allowedPattern([policy]);
  if (pattern === null) return 'true';
  return places
    .map(
      (place) => `(has(${podSpec}.${place.list}) && ${podSpec}.${place.list}.exists(x, ${doubtful(place, pattern)}))`,
    )
    .join(' || ');
}

/** As many members of a list are looked at before the webhook is asked: what it costs the API server stays bounded. */
const mostMembers = 100;

/**
 * Whether the validating webhook has to be asked about an object: one match condition for all kinds of its configuration
 * and for all policies together, so that it is false only where each of them allows every image. Null where the webhook
 * has to be asked about all. Never an error, which would turn away what fails closed.
 */
export function objectToJudge(policies: readonly CompiledPolicy[]): string | null {
  const pattern = allowedPattern(policies);
  if (pattern === null) return null;
  const lists = places.map((place) => {
    const list = `s.${place.list}`;
    return `(has(${list}) && ${list} != null && (size(${list}) > ${mostMembers} || ${list}.exists(x, ${doubtful(place, pattern)})))`;
  });
  // Where a policy says that such a kind holds images elsewhere too.
  const told = policies.flatMap(({ customResources }) => customResources.map(({ kind }) => kind));
  const elsewhere = told.length === 0 ? '' : `request.kind.kind in ${celList([...new Set(told)].toSorted())} || `;
  const podSpec = `request.kind.kind == 'Pod' ? object.spec : ${templateSpec('object')}`;
  return `${elsewhere}${unmutated(policies)}[${podSpec}].exists(s, ${lists.join(' || ')})`;
}

/**
 * A new pod without the pull secrets was not mutated. It must not get in while the webhook is down, even with the right
 * images: they could not be pulled, and whoever made it would not try again.
 */
function unmutated(policies: readonly CompiledPolicy[]): string {
  const mutating = policies.filter(({ mode }) => mode === 'Rewrite' || mode === 'Enforce');
  const names = [...new Set(mutating.flatMap(({ pullSecrets }) => pullSecrets))].toSorted();
  return names.length === 0 ? '' : `request.kind.kind == 'Pod' && ${lacksSecrets(names)} || `;
}

interface AllowedPattern {
  readonly text: string;
  readonly longest: number;
}

/** Whether the image of a member `x` of a list is not allowed at first sight. */
function doubtful({ present, field }: Place, { text, longest }: AllowedPattern): string {
  return `${present} && (size(x.${field}) > ${longest} || !x.${field}.matches(${celPattern(text)}))`;
}

/**
 * Matches references only that all these policies allow, though not all such; null where there is no such prefix. No tag
 * of what is no longer than `longest` is too long, so that the pattern need not bound it, which would make it slow.
 */
function allowedPattern(policies: readonly CompiledPolicy[]): AllowedPattern | null {
  const plainOfEach = policies.map(plainPrefixes);
  const plain = [...new Set(plainOfEach.flat())].filter((prefix) =>
    plainOfEach.every((ofOne) => ofOne.some((other) => covers(other, prefix))),
  );
  const widest = plain
    .filter((prefix) => !plain.some((other) => other !== prefix && covers(other, prefix)))
    .toSorted((a, b) => a.length - b.length);
  const path = `(?:/${patterns.component})`;
  // What follows a bare host has to be there, or the host would be no host.
  const alternatives = (['*', '+'] as const).flatMap((times) => {
    const prefixes = widest.filter((prefix) => isRepository(prefix) === (times === '*')).map(quotePattern);
    const few = prefixes.filter((_, index) => prefixes.slice(0, index + 1).join('|').length <= longestPattern);
    return few.length === 0 ? [] : [`(?:${few.join('|')})${path}${times}`];
  });
  if (alternatives.length === 0) return null;
  const text = `^(?:${alternatives.join('|')})(?::\\w[\\w.-]*)?(?:@sha256:[a-f0-9]{64})?$`;
  return { text, longest: Math.min(longestPath, longestTag + (widest[0]?.length ?? 0)) };
}

/** Those below which a policy allows everything. */
function plainPrefixes({ verdicts }: CompiledPolicy): string[] {
  const sources = [...verdicts].filter(([, { does }]) => does === 'rewrite').map(([prefix]) => prefix);
  return [...verdicts]
    .filter(([prefix, { does }]) => does === 'allow' && !sources.some((source) => covers(prefix, source)))
    .map(([prefix]) => prefix);
}
