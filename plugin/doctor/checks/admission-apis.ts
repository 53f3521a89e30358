import { clientFacts } from '../admission/webhooks.ts';
import { clientFault } from '../certs/client-fault.ts';
import { clientRemedy } from '../certs/client-remedy.ts';
import { servingFinder } from '../certs/serving.ts';
import type { Check } from '../check.ts';

export const apiAvailability: Check = {
  id: 'AG-WHK-004',
  category: 'admission',
  title: 'every aggregated API is available',
  explanation:
    'Reads the Available condition of every APIService that is served from within the cluster, metrics-server for example. The API server tries them all the time and notes why one fails: no service, no endpoints, no answer, a certificate that its CA bundle does not vouch for. While one is unavailable, namespaces cannot be deleted and discovery is slow.',
  needs: ['apiservices'],
  wants: ['services', 'pods', 'secrets'],
  run: (snapshot, { now }) => {
    const find = servingFinder(snapshot);
    return snapshot.apiservices.items.flatMap(({ meta, client, available, insecureSkipTlsVerify, caInjectedFrom }) => {
      if (available === undefined || available.status === 'True') return [];
      const serving = find(client);
      const fault = insecureSkipTlsVerify ? null : clientFault(client, serving, now);
      const injected = caInjectedFrom === undefined ? {} : { injectedFrom: caInjectedFrom };
      const place = { resource: 'apiservice', object: meta.name, patchPath: '/spec/caBundle', ...injected };
      return [
        {
          cause: 'apiservice-unavailable',
          confidence: 'certain',
          facts: {
            object: meta.name,
            ...clientFacts(client),
            reason: available.message || available.reason,
            ...(fault === null ? {} : clientRemedy(fault, place, serving, now)),
          },
          evidence: [
            `Available is ${available.status} (${available.reason}) since ${available.since}: ${available.message}`,
          ],
          objects: [{ kind: 'APIService', name: meta.name }],
        },
      ];
    });
  },
};
