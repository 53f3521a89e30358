import { stringify } from 'yaml';
import type { Exporter } from './exporter.ts';
import { pairsOf } from './pair.ts';
import { prefixRules, splitPrefix, type PrefixRule } from './prefixes.ts';

/**
 * `registries.yaml` of k3s and RKE2. Its rewrites are regular expressions in no fixed order, so one that would match
 * what another one is for is left out with a warning. It does not stop the node from going on to the registry itself:
 * that takes `disable-default-registry-endpoint: true` in the configuration of k3s.
 */
export const k3s: Exporter = (lock, { plainHttp }) => {
  const { pairs, warnings } = pairsOf(lock);
  const mirrors: Record<string, { endpoint: string[]; rewrite?: Record<string, string> }> = {};
  const refused: string[] = [];
  for (const [host, rules] of Map.groupBy(prefixRules(pairs), ({ source }) => splitPrefix(source).host)) {
    const endpoints = [...new Set(rules.map(({ target }) => endpointOf(target, plainHttp)))];
    const clear = rules.filter((rule) => !rules.some((other) => other !== rule && covers(rule, other)));
    refused.push(
      ...rules
        .filter((rule) => !clear.includes(rule))
        .map(({ source }) => `${source} is left out: its rewrite would also match what a longer prefix is for`),
    );
    if (endpoints.length > 1)
      refused.push(
        `${host} has ${endpoints.length} mirrors, and k3s applies every rewrite to each: check the names it makes`,
      );
    const rewrite = Object.fromEntries(clear.flatMap((rule) => rewriteOf(rule)));
    mirrors[host] = { endpoint: endpoints, ...(Object.keys(rewrite).length === 0 ? {} : { rewrite }) };
  }
  return {
    files: [{ path: 'registries.yaml', text: stringify({ mirrors }, { lineWidth: 0 }) }],
    warnings: [
      ...warnings,
      ...refused,
      'k3s goes on to the registry itself where the mirror has no answer: set disable-default-registry-endpoint: true, and restart k3s',
    ],
  };
};

function covers(shorter: PrefixRule, longer: PrefixRule): boolean {
  return longer.source.startsWith(`${shorter.source}/`);
}

function endpointOf(target: string, plainHttp: readonly string[]): string {
  const { host } = splitPrefix(target);
  return `${plainHttp.includes(host) ? 'http' : 'https'}://${host}`;
}

/** `^library/(.*)$` to `mirror/library/$1`: a prefix alone would match half a segment. */
function rewriteOf({ source, target }: PrefixRule): [string, string][] {
  const [from, to] = [splitPrefix(source).path, splitPrefix(target).path];
  if (from === to) return [];
  const pattern = from === '' ? '^(.*)$' : `^${from.replaceAll('.', String.raw`\.`)}(/.*)?$`;
  const separator = from === '' && to !== '' ? '/' : '';
  return [[pattern, `${to}${separator}$1`]];
}
