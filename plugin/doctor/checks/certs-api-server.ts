import { verifyChain } from '../../../shared/cert/chain.ts';
import type { TlsEndpoint } from '../../../shared/cert/observed.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { judgeKubeconfig, judgeTrust } from '../certs/api-server.ts';
import { controlPlane } from '../certs/control-plane.ts';
import type { Holder } from '../certs/holder.ts';
import { about, judgeCertificate } from '../certs/judge-certificate.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const apiServerCertificates: Check = {
  id: 'AG-CRT-005',
  category: 'certs',
  title: 'the API server and the kubeconfig know each other by certificates that are in date',
  explanation:
    'Connects to the API server, and where a load balancer stands before several also to each address behind it, and looks at the certificate that is shown: its dates, whether it is made out for the name that the kubeconfig calls, and whether the CA in the kubeconfig and the CA that pods are given (kube-root-ca.crt) vouch for it. Of the kubeconfig itself the client certificate and the CA are judged; keys and tokens are not looked at.',
  needs: ['kubeconfig', 'tls-endpoints'],
  wants: ['nodes', 'endpointslices', 'configmaps'],
  run: (snapshot, { now }) => {
    const keeper = controlPlane(snapshot);
    const servers = snapshot['tls-endpoints'].items.filter(({ role }) => role !== 'kubelet');
    const leaves = new Map(
      servers.flatMap((server) =>
        server.chain.certificates.slice(0, 1).map((leaf) => [leaf.fingerprint, { leaf, server }]),
      ),
    );
    return [
      ...snapshot.kubeconfig.items.flatMap((kubeconfig) => [
        ...judgeKubeconfig(kubeconfig, keeper, now),
        ...servers.filter(({ role }) => role === 'api-server').flatMap((server) => judgeTrust(kubeconfig, server, now)),
      ]),
      ...[...leaves.values()].flatMap(({ leaf, server }) => judgeCertificate(leaf, holderOf(server, keeper.leaf), now)),
      ...podsTrust(snapshot, servers, keeper.leaf, now),
    ];
  },
  unseen: (snapshot) => {
    const silent = snapshot['tls-endpoints'].items.filter(({ role, error }) => role !== 'kubelet' && error !== '');
    return silent.length === 0
      ? null
      : {
          decisive: silent.some(({ role }) => role === 'api-server'),
          reason: `not seen: ${silent.map(({ host, port, error }) => `${host}:${port} (${error})`).join(', ')}`,
        };
  },
};

function holderOf({ host, port }: TlsEndpoint, renew: Holder['renew']): Holder {
  return {
    where: `API server ${host}:${port}`,
    renew,
    details: { kubeadm: 'apiserver' },
    automatic: false,
    objects: [{ kind: 'APIServer', name: `${host}:${port}` }],
  };
}

/** Behind an address of its own the API server shows what pods see; through a load balancer it may be another's. */
function podsTrust(snapshot: Snapshot, servers: readonly TlsEndpoint[], renew: Holder['renew'], now: Date): Finding[] {
  const direct = servers.filter(({ role, chain }) => role === 'api-server-address' && chain.certificates.length > 0);
  const seen = direct.length > 0 ? direct : servers.filter(({ chain }) => chain.certificates.length > 0);
  const published = new Map(
    snapshot.configmaps.items
      .filter(({ meta }) => meta.name === 'kube-root-ca.crt')
      .flatMap(({ meta, bundles }) =>
        bundles.map(({ bundle }) => [
          bundle.certificates.map((one) => one.fingerprint).join(' '),
          { bundle, where: `ConfigMap ${meta.namespace}/${meta.name}` },
        ]),
      ),
  );
  return [...published.values()].flatMap(({ bundle, where }) =>
    seen.flatMap((server) => {
      const [leaf, ...intermediates] = server.chain.certificates;
      if (leaf === undefined) return [];
      const trust = verifyChain(leaf, intermediates, bundle.certificates, now);
      if (trust.trusted || trust.why !== 'unknown-authority') return [];
      const sure = direct.length > 0;
      const found = about(
        'cert-not-signed-by-ca',
        leaf,
        holderOf(server, renew),
        now,
        { caWhere: where },
        sure ? 'error' : 'warning',
      );
      return [{ ...found, confidence: sure ? 'certain' : 'guess' } as const];
    }),
  );
}
