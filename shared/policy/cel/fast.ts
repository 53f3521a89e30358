import { covers } from '../../image/prefix.ts';
import { longestPath, longestTag, patterns } from '../../image/grammar.ts';
import { isRepository, type CompiledPolicy } from '../compile.ts';
import { celPattern, quotePattern } from './literal.ts';
import { places } from './places.ts';

/** A longer pattern costs more on every pod than it spares: the API server counts its length for each image. */
const longestPattern = 600;

/**
 * Whether some image of a pod spec is not at first sight as the policy wants it: one pattern for each image, of the
 * prefixes below which nothing is rewritten. False means that there is nothing to do, true that it has to be looked at.
 */
export function someImageToJudge(policy: CompiledPolicy, podSpec: string): string {
  const pattern = allowedPattern(policy);
  if (pattern === null) return 'true';
  return places
    .map(({ list, present, field }) => {
      const doubtful = `${present} && (size(x.${field}) > ${pattern.longest} || !x.${field}.matches(${celPattern(pattern.text)}))`;
      return `(has(${podSpec}.${list}) && ${podSpec}.${list}.exists(x, ${doubtful}))`;
    })
    .join(' || ');
}

/**
 * Matches references of allowed images only, though not all of them; null where there is no such prefix. No tag of what
 * is no longer than `longest` is too long, so that the pattern need not bound it, which would make it slow.
 */
function allowedPattern({ verdicts }: CompiledPolicy): { readonly text: string; readonly longest: number } | null {
  const sources = [...verdicts].filter(([, { does }]) => does === 'rewrite').map(([prefix]) => prefix);
  const plain = [...verdicts]
    .filter(([prefix, { does }]) => does === 'allow' && !sources.some((source) => covers(prefix, source)))
    .map(([prefix]) => prefix);
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
