import type { WebhookClient } from '../../../shared/kube/webhook-client.ts';
import { clientFacts } from '../admission/webhooks.ts';
import { clientFault } from '../certs/client-fault.ts';
import { clientRemedy } from '../certs/client-remedy.ts';
import { judgeCertificate } from '../certs/judge-certificate.ts';
import { servingFinder, type FindServing } from '../certs/serving.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

interface Called {
  readonly cause: 'apiservice-unavailable' | 'conversion-webhook';
  readonly kind: 'APIService' | 'CustomResourceDefinition';
  readonly object: string;
  readonly client: WebhookClient;
  readonly patchPath: string;
  readonly injectedFrom?: string;
}

export const apiCertificates: Check = {
  id: 'AG-CRT-002',
  category: 'certs',
  title: 'aggregated APIs and conversion webhooks show certificates that their CA bundles vouch for',
  explanation:
    'Looks at the caBundle of every APIService and of every CustomResourceDefinition that converts through a webhook, in the same way as for admission webhooks. A conversion that cannot be called stops reading, listing and deleting of the objects; an API that cannot be called stops namespaces from being deleted. An APIService with insecureSkipTLSVerify is not judged, because nothing is verified for it.',
  needs: ['apiservices', 'customresourcedefinitions'],
  wants: ['services', 'pods', 'secrets'],
  run: (snapshot, { now }) => {
    const find = servingFinder(snapshot);
    const called: Called[] = [
      ...snapshot.apiservices.items
        .filter((api) => !api.insecureSkipTlsVerify)
        .map(({ meta, client, caInjectedFrom }) => ({
          cause: 'apiservice-unavailable' as const,
          kind: 'APIService' as const,
          object: meta.name,
          client,
          patchPath: '/spec/caBundle',
          ...(caInjectedFrom === undefined ? {} : { injectedFrom: caInjectedFrom }),
        })),
      ...snapshot.customresourcedefinitions.items.map(({ meta, client, caInjectedFrom }) => ({
        cause: 'conversion-webhook' as const,
        kind: 'CustomResourceDefinition' as const,
        object: meta.name,
        client,
        patchPath: '/spec/conversion/webhook/clientConfig/caBundle',
        ...(caInjectedFrom === undefined ? {} : { injectedFrom: caInjectedFrom }),
      })),
    ];
    return called.flatMap((one) => judgeCalled(one, find, now));
  },
};

function judgeCalled(called: Called, find: FindServing, now: Date): Finding[] {
  const { cause, kind, object, client, patchPath, injectedFrom } = called;
  const serving = find(client);
  const fault = clientFault(client, serving, now);
  const caWhere = `the caBundle of ${kind} ${object}`;
  const resource = kind.toLowerCase();
  const objects = [{ kind, name: object }];
  const place = { resource, object, patchPath, ...(injectedFrom === undefined ? {} : { injectedFrom }) };
  if (fault !== null)
    return [
      {
        cause,
        confidence: fault.confidence,
        facts: {
          ...clientFacts(client),
          caWhere,
          fault: fault.fault,
          ...fault.facts,
          ...clientRemedy(fault, place, serving, now),
        },
        evidence: fault.evidence,
        objects,
      },
    ];
  const [longest] = (client.caBundle?.certificates ?? []).toSorted((a, b) => b.notAfter - a.notAfter);
  if (longest === undefined) return [];
  const automatic = injectedFrom !== undefined;
  const renew = automatic ? ('ca-injector' as const) : ('ca-bundle-by-hand' as const);
  const details = { resource, object, patchPath, injectedFrom: injectedFrom ?? '' };
  return judgeCertificate(longest, { where: caWhere, renew, details, automatic, objects }, now).filter(
    (finding) => finding.cause === 'cert-expiring',
  );
}
