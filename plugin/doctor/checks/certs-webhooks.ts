import { lifeOf } from '../../../shared/cert/life.ts';
import { webhookFacts, webhookGroups, webhookObjects, webhookPlace, type WebhookGroup } from '../admission/webhooks.ts';
import type { CauseId } from '../causes/ids.ts';
import type { Fault } from '../causes/faults.ts';
import { clientFault } from '../certs/client-fault.ts';
import { clientRemedy } from '../certs/client-remedy.ts';
import { judgeCertificate } from '../certs/judge-certificate.ts';
import { servingFinder, type Serving } from '../certs/serving.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

const causeOf: Readonly<Record<Fault, CauseId>> = {
  expired: 'webhook-cert-expired',
  expiring: 'cert-expiring',
  'not-yet-valid': 'webhook-cert-not-yet-valid',
  'unknown-authority': 'webhook-ca-mismatch',
  'other-key': 'webhook-ca-mismatch',
  'weak-hash': 'webhook-cert-unusable',
  'no-san': 'webhook-cert-unusable',
  'wrong-name': 'webhook-cert-unusable',
  'wrong-usage': 'webhook-cert-unusable',
  'no-ca': 'webhook-ca-missing',
  'unreadable-ca': 'cert-unreadable',
};

export const webhookCertificates: Check = {
  id: 'AG-CRT-001',
  category: 'certs',
  alsoOf: ['admission'],
  title: 'every webhook shows a certificate that its CA bundle vouches for',
  explanation:
    'Looks at the caBundle of every mutating and validating webhook: whether it can be read, is in date, and vouches for the certificate that the webhook shows. That certificate is looked for in the Secret that the pods behind the service mount, so nothing is connected to; where it is kept in memory or on disk it cannot be seen, and only the bundle is judged. A webhook whose certificate has ended refuses everything that it covers, so "doctor admission" asks this too.',
  needs: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  wants: ['services', 'pods', 'secrets'],
  run: (snapshot, { now }) => {
    const find = servingFinder(snapshot);
    return webhookGroups(snapshot).flatMap((group) => judgeGroup(group, find(group.client), now));
  },
  unseen: (snapshot) => {
    const find = servingFinder(snapshot);
    const groups = webhookGroups(snapshot).filter(({ client }) => find(client) === undefined);
    const servers = [...new Set(groups.map((group) => webhookFacts(group)['server']))];
    return servers.length === 0
      ? null
      : {
          decisive: false,
          reason: `only the CA bundle was judged, the certificate was not seen: ${servers.join(', ')}`,
        };
  },
};

function judgeGroup(group: WebhookGroup, serving: Serving | undefined, now: Date): Finding[] {
  const facts = webhookFacts(group);
  const { caInjectedFrom } = group.configuration;
  const place = webhookPlace(group);
  const fault = clientFault(group.client, serving, now);
  if (fault !== null)
    return [
      {
        cause: causeOf[fault.fault],
        ...(group.policy === 'Ignore' ? { severity: 'warning' } : {}),
        confidence: fault.confidence,
        facts: {
          ...facts,
          where: facts['caWhere'] ?? '',
          fault: fault.fault,
          ...fault.facts,
          ...clientRemedy(fault, place, serving, now),
        },
        evidence: fault.evidence,
        objects: webhookObjects(group),
      },
    ];
  // Of several CAs the one that lives longest decides; the others are what a rotation leaves behind.
  const [longest] = (group.client.caBundle?.certificates ?? []).toSorted((a, b) => b.notAfter - a.notAfter);
  if (longest === undefined || lifeOf(longest, now).stage === 'expired') return [];
  const holder = {
    where: facts['caWhere'] ?? '',
    renew: caInjectedFrom === undefined ? ('ca-bundle-by-hand' as const) : ('ca-injector' as const),
    details: { ...place, injectedFrom: caInjectedFrom ?? '' },
    automatic: caInjectedFrom !== undefined,
    objects: webhookObjects(group),
  };
  return judgeCertificate(longest, holder, now).filter(({ cause }) => cause !== 'cert-no-san');
}
