import { isEverything, selects } from '../../../shared/kube/selector.ts';
import { covers, ofPods, type Webhook, type WebhookConfiguration } from '../../../shared/kube/webhook-configuration.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';
import { shell } from '../shell.ts';

/** Seconds after which the API server ends a create, update, patch or delete, whatever else its flags allow. */
const request = 34;
/** Enough for a webhook in the cluster, and what ours are installed with. */
const enough = 5;
const shown = 5;

export const webhookTimeouts: Check = {
  id: 'AG-WHK-005',
  category: 'admission',
  title: 'webhooks that fail open can do so within the time of one request',
  explanation:
    'The API server asks mutating webhooks one after another and validating ones at once, each for at most its timeoutSeconds (10 where it says nothing), and ends the request as a whole after 34 seconds. For each namespace this adds up, for the creation of a pod, the webhooks with failurePolicy Ignore: if they may take longer together, then a fault that makes all of them hang, of the pod network for example, refuses pods instead of letting them through. Webhooks that fail closed are left out, since the first of them that hangs ends the request anyway. Those with matchConditions or an objectSelector are counted as if they were asked, which makes it a guess.',
  needs: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'namespaces'],
  run: (snapshot) => {
    const open = openOnPods(snapshot);
    const places = snapshot.namespaces.items.flatMap(({ meta }) => {
      const labels = { 'kubernetes.io/metadata.name': meta.name, ...meta.labels };
      const asked = open.filter(({ webhook }) => selects(webhook.namespaceSelector, labels));
      const seconds = longest(asked);
      return seconds > request ? [{ namespace: meta.name, asked, seconds }] : [];
    });
    const groups = Map.groupBy(places, ({ asked }) => JSON.stringify(asked.map(({ id }) => id)));
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      const namespaces = group.map(({ namespace }) => namespace);
      return first === undefined ? [] : [told(first.asked, first.seconds, namespaces)];
    });
  },
};

interface Asked {
  readonly id: string;
  readonly configuration: WebhookConfiguration;
  readonly index: number;
  readonly webhook: Webhook;
}

function openOnPods(snapshot: Snapshot): Asked[] {
  const all = [...snapshot.mutatingwebhookconfigurations.items, ...snapshot.validatingwebhookconfigurations.items];
  return all.flatMap((configuration) =>
    configuration.webhooks.flatMap((webhook, index) =>
      webhook.failurePolicy === 'Ignore' && covers(webhook, ofPods, 'CREATE')
        ? [{ id: `${configuration.kind} ${configuration.meta.name} ${index}`, configuration, index, webhook }]
        : [],
    ),
  );
}

function longest(asked: readonly Asked[]): number {
  const of = (kind: WebhookConfiguration['kind']): number[] =>
    asked.filter(({ configuration }) => configuration.kind === kind).map(({ webhook }) => webhook.timeoutSeconds);
  const mutating = of('MutatingWebhookConfiguration').reduce((sum, seconds) => sum + seconds, 0);
  return mutating + Math.max(0, ...of('ValidatingWebhookConfiguration'));
}

function told(asked: readonly Asked[], seconds: number, namespaces: readonly string[]): Finding {
  const conditional = asked.some(
    ({ webhook: { matchConditions, objectSelector } }) => matchConditions.length > 0 || !isEverything(objectSelector),
  );
  const slow = asked.filter(({ webhook }) => webhook.timeoutSeconds > enough);
  const byConfiguration = [...Map.groupBy(slow, ({ configuration }) => configuration)];
  const more = namespaces.length > shown ? ` and ${namespaces.length - shown} more` : '';
  return {
    cause: 'webhook-timeouts-add-up',
    confidence: conditional ? 'guess' : 'certain',
    facts: {
      namespaces: namespaces.slice(0, shown).join(', ') + more,
      seconds: String(seconds),
      shorten: byConfiguration
        .map(([{ kind, meta }, webhooks]) => {
          const path = (index: number): string => `/webhooks/${index}/timeoutSeconds`;
          const patch = webhooks.map(({ index }) => ({ op: 'add', path: path(index), value: enough }));
          return `kubectl patch ${kind.toLowerCase()} ${shell(meta.name)} --type=json -p ${shell(JSON.stringify(patch))}`;
        })
        .join('\n'),
    },
    evidence: asked.map(
      ({ configuration: { kind, meta }, webhook: { name, timeoutSeconds } }) =>
        `${name} (${kind} ${meta.name}): timeoutSeconds ${timeoutSeconds}, failurePolicy Ignore`,
    ),
    objects: asked.map(({ configuration: { kind, meta } }) => ({ kind, name: meta.name })),
  };
}
