import type { Pod } from '../../../shared/kube/pod.ts';
import { isEverything, selects } from '../../../shared/kube/selector.ts';
import { covers, ofPods, type Requested, type Webhook } from '../../../shared/kube/webhook-configuration.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { byName, byNamespace } from '../certs/index-by.ts';
import { registryServices } from './registries-inside.ts';

/** What a fail-closed webhook must approve although it, or the cluster, cannot come back without it. */
export interface Needed {
  /** `the pods of kube-system` */
  readonly what: string;
  /** What comes of it while the webhook is down. */
  readonly consequence: string;
  readonly namespaces: readonly string[];
  /** `CREATE of pods` */
  readonly covered: string;
  /** Whether the objects were seen; else only what is known of their labels was compared. */
  readonly seen: boolean;
}

type Labels = Readonly<Record<string, string>>;

const ofLeases: Requested = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespaced: true };
const leaseNamespaces = ['kube-system', 'kube-node-lease'];

/** Finds what a webhook covers of that, the worst first. */
export function neededByFinder(snapshot: Snapshot): (webhook: Webhook) => readonly Needed[] {
  const labels = new Map(snapshot.namespaces.items.map(({ meta }) => [meta.name, meta.labels]));
  const services = byName(snapshot.services.items);
  const pods = byNamespace(snapshot.pods.items);
  const registries = registryServices(snapshot);

  const selected = ({ namespaceSelector }: Webhook, namespace: string): boolean => {
    const own = labels.get(namespace);
    return own !== undefined && selects(namespaceSelector, { 'kubernetes.io/metadata.name': namespace, ...own });
  };
  /** Pods by the labels that a service selects them by. */
  const podsOf = (webhook: Webhook, namespace: string, by: Labels): { covered: boolean; seen: boolean } => {
    const there = (pods.get(namespace) ?? []).filter((pod) => carries(pod, by));
    const asked = there.length === 0 ? [by] : there.filter(({ mirror }) => !mirror).map(({ meta }) => meta.labels);
    const covered = selected(webhook, namespace) && asked.some((each) => selects(webhook.objectSelector, each));
    return { covered, seen: there.length > 0 || isEverything(webhook.objectSelector) };
  };
  return (webhook) => {
    if (webhook.failurePolicy !== 'Fail') return [];
    const needed: Needed[] = [];
    const add = (what: string, consequence: string, namespace: string, by: Labels = {}): void => {
      const { covered, seen } = podsOf(webhook, namespace, by);
      const told = needed.some(({ namespaces }) => namespaces.includes(namespace));
      if (covered && !told)
        needed.push({ what, consequence, namespaces: [namespace], covered: 'CREATE of pods', seen });
    };
    const { service } = webhook.client;
    if (covers(webhook, ofPods, 'CREATE')) {
      if (service !== undefined)
        add(
          `the pods of its own namespace ${service.namespace}`,
          'its own pods cannot start, so it cannot come back by itself',
          service.namespace,
          services.get(`${service.namespace}/${service.name}`)?.selector,
        );
      add('the pods of kube-system', 'the network and the DNS of the cluster cannot come back', 'kube-system');
      for (const { meta, selector } of registries)
        add(
          `the pods of the registry in namespace ${meta.namespace}`,
          'the registry cannot come back, and no image can be pulled from it',
          meta.namespace,
          selector,
        );
    }
    const leases = leaseNamespaces.filter((name) => selected(webhook, name) && selects(webhook.objectSelector, {}));
    if (leases.length > 0 && covers(webhook, ofLeases, 'UPDATE'))
      needed.push({
        what: `the Leases of ${leases.join(' and ')}`,
        consequence: leases.includes('kube-system')
          ? 'the scheduler and the controllers cannot renew their Leases and step down, so nothing makes its pods anew'
          : 'the nodes cannot renew their Leases and count as lost',
        namespaces: leases,
        covered: 'UPDATE of Leases',
        seen: true,
      });
    return needed;
  };
}

function carries({ meta }: Pod, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => meta.labels[key] === value);
}
