import { readBundle } from '../../../shared/cert/bundle.ts';
import { judgeCertificate } from '../certs/judge-certificate.ts';
import type { Check } from '../check.ts';

export const registryCertificates: Check = {
  id: 'AG-CRT-011',
  category: 'certs',
  title: 'the certificates of the registries that were named are in date',
  explanation:
    'Looks at every certificate that a registry of --registry or of the policy shows, the intermediate ones included: how much of its life is left, the length of its key and the hash of its signature. Whether nodes trust it is another check, AG-MIR-001. When the certificate of the only registry behind a gap ends, nothing can be started any more, the registry itself included.',
  needs: ['registry-probes'],
  run: (snapshot, { now }) =>
    snapshot['registry-probes'].items.flatMap(({ host, certificates }) =>
      readBundle(certificates.join('\n')).certificates.flatMap((certificate) =>
        judgeCertificate(
          certificate,
          {
            where: `registry ${host}`,
            renew: 'registry',
            details: { registry: host },
            automatic: false,
            objects: [{ kind: 'Registry', name: host }],
          },
          now,
        ),
      ),
    ),
};
