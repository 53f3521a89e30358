import { isFor, type Certificate } from '../../../shared/cert/certificate.ts';
import type { Secret } from '../../../shared/kube/secret.ts';
import { serverName, type WebhookClient } from '../../../shared/kube/webhook-client.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { podsBehindFinder } from '../admission/pods-behind.ts';
import { byNamespace } from './index-by.ts';

/** The certificate that a server in the cluster shows, as far as its Secret tells. */
export interface Serving {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly secret: Secret;
  readonly key: string;
  /** The pods behind the service mount this Secret and no other one that would do; else it was chosen by its name. */
  readonly mounted: boolean;
}

export type FindServing = (client: WebhookClient) => Serving | undefined;

/**
 * Finds serving certificates without a connection: the service leads to its pods, the pods to the Secrets that they
 * mount. Where no pod is known, a Secret of the same namespace whose certificate carries the service's name will do.
 */
export function servingFinder(snapshot: Snapshot): FindServing {
  const behind = podsBehindFinder(snapshot);
  const secrets = byNamespace(snapshot.secrets.items);
  return (client) => {
    const { service } = client;
    const name = serverName(client);
    if (service === undefined || name === null) return undefined;
    const mounted = new Set(behind(client).flatMap((pod) => pod.secretVolumes));
    const candidates = (secrets.get(service.namespace) ?? []).flatMap(leafOf);
    const shown = candidates.filter(({ secret }) => mounted.has(secret.meta.name));
    const [only, second] = shown;
    if (only !== undefined && second === undefined) return { ...only, mounted: true };
    const named = (shown.length > 0 ? shown : candidates).filter(({ leaf }) => isFor(leaf, name));
    const [match, ambiguous] = named;
    return match === undefined || ambiguous !== undefined ? undefined : { ...match, mounted: shown.length > 0 };
  };
}

function leafOf(secret: Secret): Omit<Serving, 'mounted'>[] {
  const entry =
    secret.bundles.find(({ key }) => key === 'tls.crt') ?? secret.bundles.find(({ key }) => key !== 'ca.crt');
  const [leaf, ...intermediates] = entry?.bundle.certificates ?? [];
  return leaf === undefined || entry === undefined ? [] : [{ leaf, intermediates, secret, key: entry.key }];
}
