import type { CompiledPolicy } from '../compile.ts';
import { quotePattern } from './literal.ts';

/** The API server counts the length of a pattern for each image; longer ones are left to a search in a map. */
const longestPattern = 1000;

interface Segment {
  readonly next: Map<string, Segment>;
  /** What has to follow where a prefix ends here; null where none does. */
  end: '' | '[a-z0-9]' | null;
}

/**
 * A pattern whose first match in `REPOSITORY/` is the longest prefix that has a rule, with a slash behind it: prefixes
 * share their beginnings, and a longer one is tried first. A prefix that cannot be the whole name takes one character
 * more. Null where the pattern would be long.
 */
export function prefixPattern({ verdicts }: CompiledPolicy): string | null {
  const root: Segment = { next: new Map(), end: null };
  for (const [prefix, verdict] of verdicts) {
    let at = root;
    for (const part of prefix.split('/')) {
      const below = at.next.get(part) ?? { next: new Map(), end: null };
      at.next.set(part, below);
      at = below;
    }
    at.end = verdict.does === 'allow' || verdict.wholeNames ? '' : '[a-z0-9]';
  }
  const pattern = `^${patternOf(root)}`;
  return verdicts.size === 0 || pattern.length > longestPattern ? null : pattern;
}

function patternOf({ next, end }: Segment): string {
  const longer = [...next].map(([part, below]) => `${quotePattern(part)}/${patternOf(below)}`);
  const alternatives = end === null ? longer : [...longer, end];
  return alternatives.length === 1 ? (alternatives[0] ?? '') : `(?:${alternatives.join('|')})`;
}
