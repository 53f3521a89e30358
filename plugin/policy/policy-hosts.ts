import { AirgapError } from '../../shared/errors.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { policiesOfCluster, policiesOfFile } from './open-policies.ts';

/**
 * The registries that images may come from by the policy of the cluster: hosts of mirror targets and allowed prefixes,
 * never of sources. A cluster whose policy is missing or may not be read names none.
 */
export async function hostsOfClusterPolicy(cluster: Cluster, say: (line: string) => void): Promise<readonly string[]> {
  try {
    return hostsOf(await policiesOfCluster(cluster, say));
  } catch (error) {
    if (error instanceof AirgapError) return [];
    throw error;
  }
}

/** The same of a policy in a file; throws an `AirgapError` where it does not load. */
export async function hostsOfPolicyFile(file: string): Promise<readonly string[]> {
  return hostsOf(await policiesOfFile(file));
}

function hostsOf(policies: readonly CompiledPolicy[]): string[] {
  const prefixes = policies.flatMap(({ verdicts }) =>
    [...verdicts].map(([prefix, verdict]) => (verdict.does === 'rewrite' ? verdict.target : prefix)),
  );
  return [...new Set(prefixes.map((prefix) => prefix.split('/')[0] ?? prefix))];
}
