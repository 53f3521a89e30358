import type { Service } from '../../../shared/kube/service.ts';
import { parseReference } from '../../../shared/image/reference.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';

/** Services of registries which pods of this cluster pull from, known by their name, address or node port. */
export function registryServices(snapshot: Snapshot): Service[] {
  const hosts = new Set<string>();
  const images = new Set(snapshot.pods.items.flatMap(({ containers }) => containers.map(({ image }) => image)));
  for (const image of images) {
    const parsed = parseReference(image);
    if (parsed.ok) hosts.add(parsed.reference.host);
  }
  return snapshot.services.items.filter((service) => [...hosts].some((host) => isAt(service, host)));
}

function isAt({ meta, clusterIP, ports }: Service, host: string): boolean {
  const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const own = `${meta.name}.${meta.namespace}`;
  if (name === clusterIP || name === own || `${name}.`.startsWith(`${own}.svc.`)) return true;
  const local = name === 'localhost' || name.startsWith('127.');
  return local && ports.some(({ nodePort }) => nodePort !== 0 && String(nodePort) === port);
}
