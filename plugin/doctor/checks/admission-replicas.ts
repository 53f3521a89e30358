import { parseReference, repositoryOf } from '../../../shared/image/reference.ts';
import type { Pod } from '../../../shared/kube/pod.ts';
import type { WebhookClient } from '../../../shared/kube/webhook-client.ts';
import { release } from '../../../shared/release.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { enforcersOf } from '../admission/enforcers.ts';
import { deploymentOf } from '../admission/made-anew.ts';
import { podsBehindFinder } from '../admission/pods-behind.ts';
import { clientFacts } from '../admission/webhooks.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const webhookReplicas: Check = {
  id: 'AG-ADM-003',
  category: 'admission',
  title: 'the airgap webhook, where it is installed, has two ready replicas of the release of this program',
  explanation:
    'Follows the webhook configurations of kubectl airgap to their service and the pods behind it: are all of them ready, and are there two, so that one can go? None at all is told by AG-WHK-001. The release of the webhook is the one that it writes into the status of the policies. A webhook that is called by a URL runs outside the cluster, so its replicas cannot be seen.',
  needs: ['airgappolicies', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'services', 'pods'],
  run: (snapshot, { namespace }) => {
    const behind = podsBehindFinder(snapshot);
    const services = servicesOf(snapshot).filter(
      ({ service }) => namespace === undefined || service?.namespace === namespace,
    );
    return [...services.flatMap((client) => replicas(client, behind(client), snapshot)), ...otherRelease(snapshot)];
  },
  unseen: (snapshot) => {
    const urls = enforcersOf(snapshot).flatMap(({ called }) => called?.webhook.client.url ?? []);
    const [first] = urls;
    return first === undefined
      ? null
      : {
          decisive: false,
          reason: `replicas were not looked at: the webhook is called outside the cluster, at ${first}`,
        };
  },
};

/** Each service that our webhooks are called at, once. */
function servicesOf(snapshot: Snapshot): WebhookClient[] {
  const clients = enforcersOf(snapshot).flatMap(({ called }) => called?.webhook.client ?? []);
  return [
    ...new Map(
      clients.flatMap((client) =>
        client.service === undefined ? [] : [[`${client.service.namespace}/${client.service.name}`, client] as const],
      ),
    ).values(),
  ];
}

function isReady({ conditions }: Pod): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function replicas(client: WebhookClient, found: readonly Pod[], snapshot: Snapshot): Finding[] {
  const pods = found.filter(({ meta }) => meta.deletionTimestamp === undefined);
  const ready = pods.filter(isReady);
  if (ready.length === 0 || (ready.length === pods.length && pods.length > 1)) return [];
  const { service } = client;
  const selector = snapshot.services.items.find(
    ({ meta }) => meta.namespace === service?.namespace && meta.name === service.name,
  )?.selector;
  const deployment = pods.flatMap((pod) => deploymentOf(pod) ?? [])[0];
  return [
    {
      cause: 'webhook-replica-down',
      confidence: 'certain',
      facts: {
        ...clientFacts(client),
        ready: String(ready.length),
        all: String(pods.length),
        selector: Object.entries(selector ?? {})
          .map((entry) => entry.join('='))
          .join(','),
        ...(pods.length > 1 ? {} : { single: 'yes' }),
        ...(deployment === undefined ? {} : { deployment }),
      },
      evidence: pods
        .filter((pod) => !isReady(pod))
        .flatMap(({ meta, conditions }) =>
          conditions
            .filter(({ type, status }) => type === 'Ready' && status !== 'True')
            .map(({ message, since }) => `${meta.name} is not ready since ${since}: ${message}`),
        ),
      objects: pods.map(({ meta }) => ({ kind: 'Pod', namespace: meta.namespace, name: meta.name })),
    },
  ];
}

function otherRelease(snapshot: Snapshot): Finding[] {
  const told = snapshot.airgappolicies.items.flatMap(({ meta, observed }) =>
    observed === null || observed.by === '' || observed.by === release ? [] : [{ name: meta.name, by: observed.by }],
  );
  const behind = podsBehindFinder(snapshot);
  const running = servicesOf(snapshot).flatMap((client) => behind(client))[0]?.containers[0]?.image;
  const parsed = parseReference(running ?? '');
  return [...Map.groupBy(told, ({ by }) => by)].map(([by, policies]) => ({
    cause: 'webhook-other-release',
    confidence: 'certain',
    facts: {
      running: by,
      release,
      image: `${parsed.ok ? repositoryOf(parsed.reference) : 'REGISTRY/airgap-webhook'}:${release}`,
    },
    evidence: policies.map(({ name }) => `the status of AirgapPolicy ${name} was written by release ${by}`),
    objects: policies.map(({ name }) => ({ kind: 'AirgapPolicy', name })),
  }));
}
