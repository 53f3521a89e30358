import { record, type Json } from '../../shared/kube/json.ts';
import type { Cluster } from './cluster.ts';

/**
 * The same cluster with the policies of a file in place of its own. They are applied nowhere, even if the file came from a
 * cluster: what marks an object of one does not count, nor what the webhook said of it. Their age does, as it decides which
 * goes first.
 */
export function withPolicies<C extends Cluster>(cluster: C, documents: readonly Json[]): C {
  const list: Cluster['list'] = async (type, visit, options) => {
    if (type.group !== 'airgap.dev' || type.plural !== 'airgappolicies') return cluster.list(type, visit, options);
    for (const { status: _, ...document } of documents) {
      const { uid: _uid, generation: _generation, ...metadata } = record(document['metadata']);
      visit({ ...document, metadata });
    }
    return null;
  };
  return { ...cluster, list };
}
