import { record, text } from '../../shared/kube/json.ts';
import type { Api } from './api.ts';

/** How long a holder that says nothing keeps the lease, in seconds; it says something at a third of it. */
const duration = 15;

export interface Lease {
  /** Takes or renews the lease; whether this replica holds it until the next call. Throws when the API is away. */
  readonly hold: (now: Date) => Promise<boolean>;
}

/**
 * One writer among replicas. Another's lease counts as over when it has not been renewed for its duration by this
 * replica's own clock, so that clocks that differ do not matter.
 */
export function leaseOf(api: Api, namespace: string, name: string, identity: string): Lease {
  const url = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  let seen = { renewed: '', at: 0 };
  return {
    hold: async (now) => {
      const current = await api.send('GET', `${url}/${name}`);
      if (current.status === 404) {
        const created = await api.send('POST', url, {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name, namespace },
          spec: specOf(identity, now),
        });
        return created.status === 201;
      }
      if (current.status !== 200) return false;
      const spec = record(current.body['spec']);
      const holder = text(spec['holderIdentity']) ?? '';
      const renewed = text(spec['renewTime']) ?? '';
      if (renewed !== seen.renewed) seen = { renewed, at: now.getTime() };
      const over = holder === '' || now.getTime() - seen.at > duration * 1000;
      if (holder !== identity && !over) return false;
      // The resource version that was read goes along, so that of two that try only one succeeds.
      const updated = await api.send('PUT', `${url}/${name}`, {
        ...current.body,
        spec: { ...spec, ...specOf(identity, now) },
      });
      return updated.status === 200;
    },
  };
}

function specOf(holderIdentity: string, now: Date): object {
  const renewTime = now.toISOString().replace('Z', '000Z');
  return { holderIdentity, leaseDurationSeconds: duration, renewTime };
}
