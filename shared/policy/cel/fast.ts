import { covers } from '../../image/prefix.ts';
import { longestPath, patterns } from '../../image/grammar.ts';
import { isRepository, type CompiledPolicy } from '../compile.ts';
import { celPattern, quotePattern } from './literal.ts';
import { places } from './places.ts';

/** A longer pattern costs more on every pod than it spares: the API server counts its length for each image. */
const longestPattern = 1500;

/**
 * Whether some image of a pod spec is not at first sight as the policy wants it: one pattern for each image, of the
 * prefixes below which nothing is rewritten. False means that there is nothing to do, true that it has to be looked at.
 */
export function someImageToJudge(policy: CompiledPolicy, podSpec: string): string {
  const pattern = allowedPattern(policy);
  if (pattern === null) return 'true';
  return places
    .map(({ list, present, field }) => {
      const doubtful = `${present} && (size(x.${field}) > ${longestPath} || !x.${field}.matches(${celPattern(pattern)}))`;
      return `(has(${podSpec}.${list}) && ${podSpec}.${list}.exists(x, ${doubtful}))`;
    })
    .join(' || ');
}

/** Matches references of allowed images only, though not all of them; null where there is no such prefix. */
function allowedPattern({ verdicts }: CompiledPolicy): string | null {
  const sources = [...verdicts].filter(([, { does }]) => does === 'rewrite').map(([prefix]) => prefix);
  const plain = [...verdicts]
    .filter(([prefix, { does }]) => does === 'allow' && !sources.some((source) => covers(prefix, source)))
    .map(([prefix]) => prefix);
  const widest = plain.filter((prefix) => !plain.some((other) => other !== prefix && covers(other, prefix)));
  const { component, tag } = patterns;
  const alternatives: string[] = [];
  let length = 0;
  for (const prefix of widest.toSorted((a, b) => a.length - b.length)) {
    // What follows a bare host has to be there, or the host would be no host.
    const alternative = `${quotePattern(prefix)}(?:/${component})${isRepository(prefix) ? '*' : '+'}`;
    length += alternative.length + 1;
    if (length > longestPattern) break;
    alternatives.push(alternative);
  }
  if (alternatives.length === 0) return null;
  return `^(?:${alternatives.join('|')})(?::${tag})?(?:@sha256:[a-f0-9]{64})?$`;
}
