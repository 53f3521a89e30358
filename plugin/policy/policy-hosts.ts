import { AirgapError } from '../../shared/errors.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { policiesOfCluster } from './open-policies.ts';

/** The policies of the cluster; none where they are missing or may not be read. */
export async function readablePolicies(
  cluster: Cluster,
  say: (line: string) => void,
): Promise<readonly CompiledPolicy[]> {
  try {
    return await policiesOfCluster(cluster, say);
  } catch (error) {
    if (error instanceof AirgapError) return [];
    throw error;
  }
}

/** The registries that images may come from: hosts of mirror targets and allowed prefixes, never of sources. */
export function hostsOf(policies: readonly CompiledPolicy[]): string[] {
  const prefixes = policies.flatMap(({ verdicts }) =>
    [...verdicts].map(([prefix, verdict]) => (verdict.does === 'rewrite' ? verdict.target : prefix)),
  );
  return [...new Set(prefixes.map((prefix) => prefix.split('/')[0] ?? prefix))];
}
