import type { Pod } from '../../../shared/kube/pod.ts';
import { selects } from '../../../shared/kube/selector.ts';
import { covers, type Webhook } from '../../../shared/kube/webhook-configuration.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { registryNamespaces } from '../admission/registries-inside.ts';
import { webhookFacts, webhookGroups, webhookObjects, type WebhookGroup } from '../admission/webhooks.ts';
import { byName, byNamespace } from '../certs/index-by.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const webhookDeadlocks: Check = {
  id: 'AG-WHK-002',
  category: 'admission',
  title: 'no fail-closed webhook covers the pods that it needs itself',
  explanation:
    'A webhook with failurePolicy Fail that covers pods must not cover the namespace of its own pods, nor that of a registry in the cluster that images are pulled from: after a full stop the pods could never start again, because each start asks the webhook. This compares rules, namespaceSelector and objectSelector with the labels of those namespaces and pods. Conditions in CEL (matchConditions) may exempt more and are not evaluated, so such a webhook is reported as a guess.',
  needs: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'namespaces'],
  wants: ['services', 'pods'],
  run: (snapshot) => {
    const registries = registryNamespaces(snapshot);
    const find = coverage(snapshot);
    return webhookGroups(snapshot).flatMap((group) => {
      const own = group.client.service?.namespace;
      const needed = new Map<string, string>(
        [...registries].map((name) => [name, `the registry in namespace ${name}`]),
      );
      if (own !== undefined) needed.set(own, `its own namespace ${own}`);
      return [...needed].flatMap(([namespace, what]) => {
        const covering = group.webhooks.filter(({ webhook }) => find(webhook, namespace, group));
        return covering.length === 0 ? [] : [found({ ...group, webhooks: covering }, namespace, what)];
      });
    });
  },
};

type Covers = (webhook: Webhook, namespace: string, group: WebhookGroup) => boolean;

function coverage(snapshot: Snapshot): Covers {
  const labels = new Map(snapshot.namespaces.items.map(({ meta }) => [meta.name, meta.labels]));
  const services = byName(snapshot.services.items);
  const pods = byNamespace(snapshot.pods.items);
  return (webhook, namespace, { client }) => {
    const own = labels.get(namespace);
    if (own === undefined || webhook.failurePolicy !== 'Fail' || !covers(webhook, '', 'pods', 'CREATE')) return false;
    if (!selects(webhook.namespaceSelector, { 'kubernetes.io/metadata.name': namespace, ...own })) return false;
    const service =
      client.service?.namespace === namespace ? services.get(`${namespace}/${client.service.name}`) : undefined;
    const behind = (pods.get(namespace) ?? []).filter((pod) => stands(pod, service?.selector ?? {}));
    // Without pods to look at, the labels that the service selects by are all that is known of them.
    const known = behind.length > 0 ? behind.map((pod) => pod.meta.labels) : [service?.selector ?? {}];
    return known.some((podLabels) => selects(webhook.objectSelector, podLabels));
  };
}

function stands({ meta, mirror }: Pod, selector: Readonly<Record<string, string>>): boolean {
  return !mirror && Object.entries(selector).every(([key, value]) => meta.labels[key] === value);
}

function found(group: WebhookGroup, namespace: string, needed: string): Finding {
  const conditional = group.webhooks.some(({ webhook }) => webhook.matchConditions.length > 0);
  return {
    cause: 'webhook-deadlock',
    confidence: conditional ? 'guess' : 'certain',
    facts: { ...webhookFacts(group), needed, neededNamespace: namespace },
    evidence: [
      `failurePolicy Fail, rules cover CREATE of pods, and the selectors match namespace ${namespace}`,
      ...(conditional ? ['its matchConditions may exempt them and were not evaluated'] : []),
    ],
    objects: webhookObjects(group),
  };
}
