import type { Pair } from './pair.ts';

/** A renaming by prefix of whole path segments, without slashes at the end. */
export interface PrefixRule {
  readonly source: string;
  readonly target: string;
}

/**
 * The shortest renamings that put every image where the lock has it: what source and target end on alike is left out.
 * `docker.io/library/nginx` to `mirror/library/nginx` is `docker.io` to `mirror`. Where two images would need different
 * targets for one prefix, both are kept whole. Sorted by source.
 */
export function prefixRules(pairs: readonly Pair[]): PrefixRule[] {
  const short = pairs.map((pair) => ({ pair, rule: strip(pair.sourceRepository, pair.targetRepository) }));
  const targets = new Map<string, Set<string>>();
  for (const { rule } of short) targets.set(rule.source, (targets.get(rule.source) ?? new Set()).add(rule.target));
  const rules = short.map(({ pair, rule }) =>
    targets.get(rule.source)?.size === 1 ? rule : { source: pair.sourceRepository, target: pair.targetRepository },
  );
  const unique = new Map(rules.map((rule) => [JSON.stringify(rule), rule]));
  return [...unique.values()].toSorted((a, b) => (a.source < b.source ? -1 : 1));
}

function strip(source: string, target: string): PrefixRule {
  const [from, to] = [source.split('/'), target.split('/')];
  // A host has to be left on both sides.
  while (from.length > 1 && to.length > 1 && from.at(-1) === to.at(-1)) {
    from.pop();
    to.pop();
  }
  return { source: from.join('/'), target: to.join('/') };
}

/** `host/path` as its two halves; the path is empty for a host alone. */
export function splitPrefix(prefix: string): { readonly host: string; readonly path: string } {
  const slash = prefix.indexOf('/');
  return slash < 0 ? { host: prefix, path: '' } : { host: prefix.slice(0, slash), path: prefix.slice(slash + 1) };
}
