import type { Pod } from '../../../shared/kube/pod.ts';
import type { WebhookClient } from '../../../shared/kube/webhook-client.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { byName, byNamespace } from '../certs/index-by.ts';

/** Finds the pods that the service of a client selects; none where it is called elsewhere or selects nothing itself. */
export function podsBehindFinder(snapshot: Snapshot): (client: WebhookClient) => readonly Pod[] {
  const services = byName(snapshot.services.items);
  const pods = byNamespace(snapshot.pods.items);
  return ({ service }) => {
    if (service === undefined) return [];
    const selector = Object.entries(services.get(`${service.namespace}/${service.name}`)?.selector ?? {});
    if (selector.length === 0) return [];
    return (pods.get(service.namespace) ?? []).filter(({ meta }) =>
      selector.every(([key, value]) => meta.labels[key] === value),
    );
  };
}
