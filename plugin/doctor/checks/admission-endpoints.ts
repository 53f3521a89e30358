import { backendFinder, type Backend } from '../admission/backends.ts';
import { webhookFacts, webhookGroups, webhookObjects, type WebhookGroup } from '../admission/webhooks.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';

const reasons = {
  'no-service': 'the service does not exist',
  'no-port': 'the service has no such port',
  'no-endpoints': 'no endpoint is ready',
  'no-address':
    'the service has no address of its own (clusterIP None), which the API server does not call unless it runs with --enable-aggregator-routing',
} as const;

const causes = {
  'no-service': 'webhook-service-missing',
  'no-port': 'webhook-service-missing',
  'no-endpoints': 'webhook-no-endpoints',
  'no-address': 'webhook-unreachable',
} as const;

export const webhookEndpoints: Check = {
  id: 'AG-WHK-001',
  category: 'admission',
  title: 'every webhook has a service with a ready pod behind it',
  explanation:
    'Follows each webhook from its configuration to its service, the port of that and the endpoints behind it. Where any of them is missing, or the service is headless, every call fails: with failurePolicy Fail, the default, what the webhook covers is refused, with Ignore it goes through unchecked. After an uninstallation that left the configuration behind, or while an image cannot be pulled, this is what stops a cluster. A webhook without rules is never called and is passed over; one that is called by a URL has no objects to follow.',
  needs: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'services', 'endpointslices'],
  run: (snapshot, { namespace }) => {
    const find = backendFinder(snapshot);
    return webhookGroups(snapshot)
      .filter(({ client }) => namespace === undefined || client.service?.namespace === namespace)
      .flatMap((group) => judge(group, find(group.client)));
  },
};

function judge(group: WebhookGroup, backend: Backend): Finding[] {
  if (backend === 'ready' || backend === 'outside') return [];
  const headless = backend === 'no-address';
  const facts: Facts = { ...webhookFacts(group), reason: reasons[backend], ...(headless ? { headless: 'yes' } : {}) };
  return [
    {
      cause: group.policy === 'Ignore' ? 'webhook-failed-open' : causes[backend],
      confidence: headless ? 'likely' : 'certain',
      facts,
      evidence: [
        `service ${facts['serviceNamespace']}/${facts['service']} port ${facts['port']}: ${reasons[backend]}`,
        `failurePolicy ${group.policy}`,
      ],
      objects: webhookObjects(group),
    },
  ];
}
