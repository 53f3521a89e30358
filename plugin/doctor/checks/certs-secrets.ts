import type { Certificate } from '../../../shared/cert/certificate.ts';
import type { Secret } from '../../../shared/kube/secret.ts';
import { secretHolder, together, type Holder } from '../certs/holder.ts';
import { judgeCertificate } from '../certs/judge-certificate.ts';
import { judgePair } from '../certs/secret-pair.ts';
import { inTrustStore } from '../certs/trust-store.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const secretCertificates: Check = {
  id: 'AG-CRT-003',
  category: 'certs',
  title: 'the certificates in Secrets are readable, in date and fit their CA',
  explanation:
    'Reads the public certificates in all Secrets: tls.crt of TLS secrets, and PEM under any name in others; keys are dropped before anything looks at them. Each certificate is judged by how much of its own life is left, and each leaf against the CA that lies beside it: whether that signed it, and whether it ends before it. The same certificate in several Secrets is one finding. Of bundles of more than ten CAs, which are trust stores, the dates are not judged.',
  needs: ['secrets'],
  run: (snapshot, { now }) => [
    ...snapshot.secrets.items.flatMap((secret) => unreadable(secret)),
    ...[...placesOf(snapshot.secrets.items).values()].flatMap(({ certificate, holders }) =>
      judgeCertificate(certificate, together(holders), now),
    ),
    ...snapshot.secrets.items.flatMap((secret) => pair(secret, now)),
  ],
};

type Places = Map<string, { certificate: Certificate; holders: [Holder, ...Holder[]] }>;

/** Every certificate with all places it stands in under one keeper. */
function placesOf(secrets: readonly Secret[]): Places {
  const places: Places = new Map();
  for (const secret of secrets)
    for (const { key, bundle } of secret.bundles) {
      if (inTrustStore(bundle)) continue;
      for (const certificate of bundle.certificates) {
        const holder = secretHolder(secret, key);
        const id = `${certificate.fingerprint} ${holder.renew}`;
        const known = places.get(id);
        if (known === undefined) places.set(id, { certificate, holders: [holder] });
        else if (
          !known.holders.some(
            ({ objects }) => objects[0]?.name === secret.meta.name && objects[0].namespace === secret.meta.namespace,
          )
        )
          known.holders.push(holder);
      }
    }
  return places;
}

function unreadable(secret: Secret): Finding[] {
  return secret.bundles
    .filter(({ bundle }) => bundle.certificates.length === 0)
    .map(({ key, bundle }) => {
      const { where, renew, details, objects } = secretHolder(secret, key);
      const problem = bundle.problems.join('; ');
      return {
        cause: 'cert-unreadable',
        confidence: 'certain',
        facts: { where, renew, ...details, problem },
        evidence: bundle.problems,
        objects,
      };
    });
}

function pair(secret: Secret, now: Date): Finding[] {
  const own = secret.bundles.find(({ key }) => key === 'tls.crt');
  const [leaf, ...intermediates] = own?.bundle.certificates ?? [];
  if (own === undefined || leaf === undefined) return [];
  const ca = secret.bundles.find(({ key }) => key === 'ca.crt');
  const published =
    ca === undefined
      ? undefined
      : {
          roots: ca.bundle.certificates,
          where: `Secret ${secret.meta.namespace}/${secret.meta.name}, key ca.crt`,
        };
  return judgePair(leaf, intermediates, published, secretHolder(secret, own.key), now);
}
