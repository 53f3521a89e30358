import type { CompiledPolicy } from '../../shared/policy/compile.ts';

/** The registries that images may come from: hosts of mirror targets and allowed prefixes, never of sources. */
export function hostsOf(policies: readonly CompiledPolicy[]): string[] {
  const prefixes = policies.flatMap(({ verdicts }) =>
    [...verdicts].map(([prefix, verdict]) => (verdict.does === 'rewrite' ? verdict.target : prefix)),
  );
  return [...new Set(prefixes.map((prefix) => prefix.split('/')[0] ?? prefix))];
}
