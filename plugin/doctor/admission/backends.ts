import type { EndpointSlice } from '../../../shared/kube/endpoint-slice.ts';
import type { Service } from '../../../shared/kube/service.ts';
import type { WebhookClient } from '../../../shared/kube/webhook-client.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { byName } from '../certs/index-by.ts';

/** What stands behind the service that the API server calls; `outside`: not for the cluster's objects to tell. */
export type Backend = 'ready' | 'no-service' | 'no-port' | 'no-address' | 'no-endpoints' | 'outside';

export type FindBackend = (client: WebhookClient) => Backend;

export function backendFinder(snapshot: Snapshot): FindBackend {
  const services = byName(snapshot.services.items);
  const slices = Map.groupBy(snapshot.endpointslices.items, ({ meta, service }) => `${meta.namespace}/${service}`);
  return ({ service: target }) => {
    if (target === undefined) return 'outside';
    const id = `${target.namespace}/${target.name}`;
    const service = services.get(id);
    if (service === undefined) return 'no-service';
    return behind(service, target.port, slices.get(id) ?? []);
  };
}

function behind(service: Service, wanted: number, slices: readonly EndpointSlice[]): Backend {
  if (service.type === 'ExternalName') return 'outside';
  const port = service.ports.find((entry) => entry.port === wanted);
  if (port === undefined) return 'no-port';
  const serves = (slice: EndpointSlice): boolean =>
    slice.ports.some(({ name }) => name === port.name) && slice.endpoints.some(({ ready }) => ready);
  if (!slices.some(serves)) return 'no-endpoints';
  // The API server calls the address of the service, unless it is told to pick endpoints itself.
  return service.clusterIP === 'None' ? 'no-address' : 'ready';
}
