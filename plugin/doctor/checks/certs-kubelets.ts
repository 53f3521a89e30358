import type { Certificate } from '../../../shared/cert/certificate.ts';
import { lifeOf } from '../../../shared/cert/life.ts';
import type { TlsEndpoint } from '../../../shared/cert/observed.ts';
import { controlPlane } from '../certs/control-plane.ts';
import type { Renewal } from '../causes/renewals.ts';
import { certificateFacts, evidenceOf } from '../certs/words.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const kubeletCertificates: Check = {
  id: 'AG-CRT-006',
  category: 'certs',
  title: 'the serving certificates of the kubelets are in date',
  explanation:
    'Connects to the kubelet port of each node and looks at the certificate that is shown; no login is needed for that and nothing is sent. From a workstation the nodes are often out of reach, and then this is unknown: run it once from a node. A kubelet makes itself a certificate for a year at its first start and never another one, unless serverTLSBootstrap is set.',
  needs: ['nodes', 'tls-endpoints'],
  run: (snapshot, { now }) => {
    const keeper = controlPlane(snapshot).leaf;
    return kubelets(snapshot['tls-endpoints'].items).flatMap((kubelet) => judge(kubelet, keeper, now));
  },
  unseen: (snapshot) => {
    const all = kubelets(snapshot['tls-endpoints'].items);
    const silent = all.filter(({ error }) => error !== '');
    const named = silent.slice(0, 3).map(({ node, host, port, error }) => `${node} at ${host}:${port} (${error})`);
    const more = silent.length > named.length ? ` and ${silent.length - named.length} more` : '';
    return silent.length === 0
      ? null
      : {
          decisive: true,
          reason: `${silent.length} of ${all.length} kubelets could not be reached from here: ${named.join(', ')}${more}`,
        };
  },
};

function kubelets(endpoints: readonly TlsEndpoint[]): TlsEndpoint[] {
  return endpoints.filter(({ role }) => role === 'kubelet');
}

function judge(kubelet: TlsEndpoint, keeper: Renewal, now: Date): Finding[] {
  const [leaf] = kubelet.chain.certificates;
  if (leaf === undefined) return [];
  const rotated = !isSelfMade(leaf);
  const { stage } = lifeOf(leaf, now, rotated ? 'automatic' : 'by-hand');
  if (stage === 'fresh') return [];
  const soon = stage === 'expiring' || stage === 'expiring-soon';
  return [
    {
      cause: 'kubelet-cert',
      // Nobody verifies a certificate that a kubelet made for itself, except where metrics-server is told to.
      severity: rotated && stage !== 'expiring' ? 'error' : 'warning',
      confidence: 'certain',
      facts: {
        node: kubelet.node,
        fault: soon ? 'expiring' : stage,
        renew: keeper === 'kubeadm' ? 'kubelet-serving' : keeper,
        ...certificateFacts(leaf, now),
      },
      evidence: evidenceOf(leaf),
      objects: [{ kind: 'Node', name: kubelet.node }],
    },
  ];
}

/** The kubelet signs its own by a throw-away CA named `HOST-ca@TIME`. */
function isSelfMade(leaf: Certificate): boolean {
  return leaf.selfIssued || /-ca@\d+$/.test(leaf.issuer);
}
