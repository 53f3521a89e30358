import type { Issuer } from '../../../shared/kube/issuer.ts';
import type { Check } from '../check.ts';
import { internetHost } from '../egress/internet-hosts.ts';
import type { Finding } from '../finding.ts';

export const issuers: Check = {
  id: 'AG-CRT-012',
  category: 'certs',
  title: "cert-manager's issuers are ready and inside the gap",
  explanation:
    'Reads each Issuer and ClusterIssuer of cert-manager: whether it says that it is ready, and whether it asks an ACME server of the internet. Such an issuer works while it is tried out with a connection and fails for ever behind the gap, and nothing shows it before the first certificate is due.',
  needs: ['issuers', 'clusterissuers'],
  run: (snapshot) => [
    ...snapshot.issuers.items.flatMap((issuer) => judge('Issuer', issuer)),
    ...snapshot.clusterissuers.items.flatMap((issuer) => judge('ClusterIssuer', issuer)),
  ],
};

function judge(kind: string, { meta, acmeServer, ready }: Issuer): Finding[] {
  const server = URL.canParse(acmeServer) ? new URL(acmeServer).hostname : '';
  const outside = internetHost(server) === 'a public certificate authority';
  const failing = ready !== undefined && ready.status !== 'True';
  const scope = meta.namespace === '' ? {} : { namespace: meta.namespace };
  const found = (cause: Finding['cause'], confidence: Finding['confidence'], evidence: string): Finding => ({
    cause,
    confidence,
    facts: {
      issuerKind: kind.toLowerCase(),
      issuer: meta.name,
      server,
      reason: ready?.message || ready?.reason || '',
      ...(meta.namespace === '' ? {} : { issuerNamespace: meta.namespace }),
    },
    evidence: [evidence],
    objects: [{ kind, ...scope, name: meta.name }],
  });
  return [
    ...(outside
      ? [found('cert-manager-acme', failing ? 'certain' : 'likely', `spec.acme.server is ${acmeServer}`)]
      : []),
    ...(failing && !outside
      ? [found('cert-manager-issuer', 'certain', `Ready is ${ready.status} (${ready.reason}): ${ready.message}`)]
      : []),
  ];
}
