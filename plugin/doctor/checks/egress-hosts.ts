import type { WebhookClient } from '../../../shared/kube/webhook-client.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Check } from '../check.ts';
import { internetHost } from '../egress/internet-hosts.ts';
import type { Finding, ObjectRef } from '../finding.ts';

/** An object that sends a controller, the API server or a pod to a host. */
interface Named {
  readonly host: string;
  readonly object: ObjectRef;
  /** Where it is written, for `kubectl edit`. */
  readonly field: string;
  readonly value: string;
}

/** One line a kind of object that names hosts. Issuers of cert-manager are AG-CRT-012's, images AG-EGR-002's. */
const places: readonly ((snapshot: Snapshot) => readonly Named[])[] = [
  ({ gitrepositories, ocirepositories, helmrepositories, buckets }) =>
    [gitrepositories, ocirepositories, helmrepositories, buckets].flatMap(({ items }) =>
      items
        .filter(({ suspended }) => !suspended)
        .map(({ kind, meta, host, url }) => ({
          host,
          object: { kind, namespace: meta.namespace, name: meta.name },
          field: kind === 'Bucket' ? 'spec.endpoint' : 'spec.url',
          value: url,
        })),
    ),
  ({ services }) =>
    services.items
      .filter(({ type }) => type === 'ExternalName')
      .map(({ meta, externalName }) => ({
        host: externalName,
        object: { kind: 'Service', namespace: meta.namespace, name: meta.name },
        field: 'spec.externalName',
        value: externalName,
      })),
  ({ mutatingwebhookconfigurations, validatingwebhookconfigurations }) =>
    [mutatingwebhookconfigurations, validatingwebhookconfigurations].flatMap(({ items }) =>
      items.flatMap(({ kind, meta, webhooks }) =>
        webhooks.flatMap(({ client }) => ofClient(client, { kind, name: meta.name }, 'webhooks[].clientConfig.url')),
      ),
    ),
];

function ofClient({ url }: WebhookClient, object: ObjectRef, field: string): Named[] {
  return url !== undefined && URL.canParse(url)
    ? [{ host: new URL(url).host, object, field, value: new URL(url).origin }]
    : [];
}

export const noInternetHosts: Check = {
  id: 'AG-EGR-001',
  category: 'egress',
  title: 'nothing in the cluster is told to fetch from the internet',
  explanation:
    'Reads the objects that send something to a host: GitRepositories, OCIRepositories, HelmRepositories and Buckets of Flux that are not suspended, Services of the type ExternalName, and webhooks that are called by a URL. Told are hosts that are on the internet and nowhere else, from a list of well-known ones (code hosts, public registries, chart repositories, certificate authorities); any other name may as well be inside, and is not judged. Nothing is connected to.',
  needs: ['services'],
  wants: [
    'gitrepositories',
    'ocirepositories',
    'helmrepositories',
    'buckets',
    'mutatingwebhookconfigurations',
    'validatingwebhookconfigurations',
  ],
  run: (snapshot) =>
    places
      .flatMap((place) => place(snapshot))
      .flatMap(({ host, object, field, value }): Finding[] => {
        const what = internetHost(host);
        if (what === undefined) return [];
        const { kind, namespace, name } = object;
        return [
          {
            cause: 'egress-internet-host',
            confidence: 'certain',
            host,
            facts: {
              what,
              field,
              resource: kind.toLowerCase(),
              object: name,
              ...(namespace === undefined ? {} : { objectNamespace: namespace }),
            },
            evidence: [`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}: ${field} is ${value}`],
            objects: [object],
          },
        ];
      }),
};
