import { isFor, type Certificate } from '../../../shared/cert/certificate.ts';
import { verifyChain } from '../../../shared/cert/chain.ts';
import { lifeOf } from '../../../shared/cert/life.ts';
import type { Kubeconfig, TlsEndpoint } from '../../../shared/cert/observed.ts';
import type { Fault } from '../causes/faults.ts';
import type { Renewal } from '../causes/renewals.ts';
import type { Facts, Finding, Severity } from '../finding.ts';
import type { ControlPlane } from './control-plane.ts';
import { certificateFacts, evidenceOf } from './words.ts';

/** What is wrong with the certificates that the kubeconfig itself holds. */
export function judgeKubeconfig(kubeconfig: Kubeconfig, keeper: ControlPlane, now: Date): Finding[] {
  const [client] = kubeconfig.clientCertificate?.certificates ?? [];
  const [longest] = (kubeconfig.ca?.certificates ?? []).toSorted((a, b) => b.notAfter - a.notAfter);
  return [
    ...(client === undefined ? [] : aged(client, kubeconfig, clientRenewal(client, keeper), now)),
    ...(longest === undefined ? [] : aged(longest, kubeconfig, { renew: keeper.ca }, now)),
  ];
}

/** Whether the kubeconfig can trust what the API server shows; how old that is, is judged elsewhere. */
export function judgeTrust(kubeconfig: Kubeconfig, shown: TlsEndpoint, now: Date): Finding[] {
  const [leaf, ...intermediates] = shown.chain.certificates;
  if (leaf === undefined || kubeconfig.ca === null || kubeconfig.insecure) return [];
  const caWhere = 'the kubeconfig';
  const trust = verifyChain(leaf, intermediates, kubeconfig.ca.certificates, now);
  if (!trust.trusted && trust.why === 'unknown-authority') {
    const fault = trust.sameName === undefined ? 'unknown-authority' : 'other-key';
    return [finding(fault, trust.at, kubeconfig, { renew: 'kubeconfig-ca', caWhere }, now)];
  }
  if (isFor(leaf, shown.serverName)) return [];
  const fault = leaf.names.length === 0 ? 'no-san' : 'wrong-name';
  return [finding(fault, leaf, kubeconfig, { renew: 'api-server-name', server: shown.serverName }, now)];
}

function clientRenewal(client: Certificate, keeper: ControlPlane): Facts & { renew: Renewal } {
  if (client.commonName === 'kubernetes-admin') return { renew: 'kubeadm-admin', kubeadm: 'admin.conf' };
  if (client.commonName === 'kubernetes-super-admin') return { renew: 'kubeadm-admin', kubeadm: 'super-admin.conf' };
  return { renew: client.commonName === 'system:admin' ? keeper.leaf : 'user-certificate' };
}

function aged(
  certificate: Certificate,
  kubeconfig: Kubeconfig,
  renewal: Facts & { renew: Renewal },
  now: Date,
): Finding[] {
  const { stage } = lifeOf(certificate, now);
  if (stage === 'fresh') return [];
  const soon = stage === 'expiring' || stage === 'expiring-soon';
  return [
    finding(
      soon ? 'expiring' : stage,
      certificate,
      kubeconfig,
      renewal,
      now,
      stage === 'expiring' ? 'warning' : 'error',
    ),
  ];
}

function finding(
  fault: Fault,
  certificate: Certificate,
  kubeconfig: Kubeconfig,
  facts: Facts,
  now: Date,
  severity: Severity = 'error',
): Finding {
  return {
    cause: 'kubeconfig-cert',
    severity,
    confidence: 'certain',
    facts: {
      where: kubeconfig.source || `context ${kubeconfig.context}`,
      fault,
      ...certificateFacts(certificate, now),
      ...facts,
    },
    evidence: evidenceOf(certificate),
    objects: [{ kind: 'Kubeconfig', name: kubeconfig.context || kubeconfig.server }],
  };
}
