import { AirgapError } from '../../shared/errors.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import { nearest } from '../nearest.ts';
import type { Cluster } from './cluster.ts';
import { resourceType } from './kinds.ts';

const shown = 10;

/**
 * Throws for a namespace that the user named and that is not there: mistyped, it would be found to be without any fault.
 * Where the namespaces cannot be listed, nothing is said.
 */
export async function expectNamespace(cluster: Cluster, namespace: string | undefined): Promise<void> {
  if (namespace === undefined) return;
  const names: string[] = [];
  const gap = await cluster.list(resourceType('namespaces'), (raw) => names.push(readMeta(raw).name));
  if (gap !== null || names.length === 0 || names.includes(namespace)) return;
  const near = nearest(namespace, names);
  const listed = names.toSorted().slice(0, shown).join(', ');
  throw new AirgapError(
    'usage',
    `There is no namespace "${namespace}" in ${cluster.source}.`,
    near === undefined ? `There are ${listed}${names.length > shown ? ' and others' : ''}.` : `Did you mean "${near}"?`,
  );
}
