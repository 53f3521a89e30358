import { neededByFinder, type Needed } from '../admission/needed-to-start.ts';
import { webhookFacts, webhookGroups, webhookObjects, type WebhookGroup } from '../admission/webhooks.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const webhookDeadlocks: Check = {
  id: 'AG-WHK-002',
  category: 'admission',
  title: 'no fail-closed webhook covers what it, or the cluster, needs to come back',
  explanation:
    'A webhook with failurePolicy Fail that covers pods must not cover its own pods, those of kube-system, nor those of a registry in the cluster that images are pulled from: after a full stop they could never start again, because each start asks the webhook. One that covers Leases must not cover those of kube-system and kube-node-lease, by which scheduler and controllers stay in office and nodes stay alive. This compares rules (with their scope), namespaceSelector and objectSelector with the labels of those namespaces and pods. Conditions in CEL (matchConditions) may exempt more and are not evaluated, so such a webhook is reported as a guess.',
  needs: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'namespaces'],
  wants: ['services', 'pods'],
  run: (snapshot) => {
    const neededBy = neededByFinder(snapshot);
    return webhookGroups(snapshot).flatMap((group) => {
      const needed = group.webhooks.map((one) => ({ one, needed: neededBy(one.webhook) }));
      const covering = needed.filter((entry) => entry.needed.length > 0).map(({ one }) => one);
      const all = new Map(needed.flatMap((entry) => entry.needed).map((each) => [each.what, each]));
      return covering.length === 0 ? [] : [found({ ...group, webhooks: covering }, [...all.values()])];
    });
  },
};

function found(group: WebhookGroup, needed: readonly Needed[]): Finding {
  const conditional = group.webhooks.some(({ webhook }) => webhook.matchConditions.length > 0);
  const unsure = needed.some(({ seen }) => !seen);
  return {
    cause: 'webhook-deadlock',
    confidence: conditional ? 'guess' : unsure ? 'likely' : 'certain',
    facts: {
      ...webhookFacts(group),
      needed: listed(needed.map(({ what }) => what)),
      consequence: needed[0]?.consequence ?? '',
      neededNamespaces: [...new Set(needed.flatMap(({ namespaces }) => namespaces))].join(', '),
    },
    evidence: [
      ...needed.map(
        ({ covered, namespaces }) =>
          `failurePolicy Fail, rules cover ${covered}, and the selectors match namespace ${namespaces.join(' and ')}`,
      ),
      ...(unsure ? ['no such pod was seen, so its objectSelector was held against what is known of them'] : []),
      ...(conditional ? ['its matchConditions may exempt them and were not evaluated'] : []),
    ],
    objects: webhookObjects(group),
  };
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
