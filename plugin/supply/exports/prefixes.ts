import type { Pair } from './pair.ts';

/** A renaming by prefix of whole path segments, without slashes at the end. */
export interface PrefixRule {
  readonly source: string;
  readonly target: string;
}

/**
 * The shortest renamings that put every image where the lock has it: what source and target end on alike is left out.
 * `docker.io/library/nginx` to `mirror/library/nginx` is `docker.io` to `mirror`. An image that the
 * others' prefixes would lead elsewhere is kept whole. Sorted by source.
 */
export function prefixRules(pairs: readonly Pair[]): PrefixRule[] {
  const whole = new Set<Pair>();
  for (;;) {
    const rules = pairs.map((pair) => (whole.has(pair) ? wholeRule(pair) : strip(pair)));
    const astray = pairs.filter((pair) => !whole.has(pair) && ledTo(pair, rules) !== pair.targetRepository);
    if (astray.length === 0) {
      const unique = new Map(rules.map((rule) => [JSON.stringify(rule), rule]));
      return [...unique.values()].toSorted((a, b) => (a.source < b.source ? -1 : 1));
    }
    for (const pair of astray) whole.add(pair);
  }
}

/** Where the longest prefix leads an image; undefined where two rules for it differ. */
function ledTo({ sourceRepository }: Pair, rules: readonly PrefixRule[]): string | undefined {
  const fitting = rules.filter(({ source }) => `${sourceRepository}/`.startsWith(`${source}/`));
  const length = Math.max(...fitting.map(({ source }) => source.length));
  const results = new Set(
    fitting
      .filter(({ source }) => source.length === length)
      .map(({ source, target }) => target + sourceRepository.slice(source.length)),
  );
  return results.size === 1 ? [...results][0] : undefined;
}

function wholeRule({ sourceRepository, targetRepository }: Pair): PrefixRule {
  return { source: sourceRepository, target: targetRepository };
}

function strip({ sourceRepository, targetRepository }: Pair): PrefixRule {
  const [from, to] = [sourceRepository.split('/'), targetRepository.split('/')];
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
