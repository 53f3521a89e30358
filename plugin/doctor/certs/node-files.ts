import type { PkiFile } from '../../../shared/cert/observed.ts';
import type { Renewal } from '../causes/renewals.ts';
import type { Facts } from '../finding.ts';

/** What a file of a node is, told by its path. */
export interface NodeFile {
  readonly renew: Renewal;
  readonly details?: Facts;
  readonly automatic?: boolean;
  /** The file beside it, or relative to it, that holds the CA which must have signed it. */
  readonly signedBy?: string;
  /** Shown to aggregated APIs, who know its CA from a ConfigMap. */
  readonly frontProxy?: boolean;
}

const kubeadm = (name: string, signedBy?: string): NodeFile => ({
  renew: 'kubeadm',
  details: { kubeadm: name },
  ...(signedBy === undefined ? {} : { signedBy }),
});

/**
 * The layouts of kubeadm (/etc/kubernetes), the kubelet (/var/lib/kubelet/pki) and k3s or RKE2 (/var/lib/rancher). The
 * first line that fits the end of the path counts.
 */
const layout: readonly [RegExp, NodeFile][] = [
  [/(^|\/)apiserver\.crt$/, kubeadm('apiserver', 'ca.crt')],
  [/(^|\/)apiserver-kubelet-client\.crt$/, kubeadm('apiserver-kubelet-client', 'ca.crt')],
  [/(^|\/)apiserver-etcd-client\.crt$/, kubeadm('apiserver-etcd-client', 'etcd/ca.crt')],
  [/(^|\/)front-proxy-client\.crt$/, { ...kubeadm('front-proxy-client', 'front-proxy-ca.crt'), frontProxy: true }],
  [/(^|\/)etcd\/(server|peer|healthcheck-client)\.crt$/, kubeadm('etcd-$2', 'ca.crt')],
  [/(^|\/)(admin|super-admin|controller-manager|scheduler)\.conf$/, kubeadm('$2.conf')],
  [/(^|\/)(ca|front-proxy-ca)\.crt$/, { renew: 'kubeadm-ca' }],
  [/(^|\/)kubelet-client-current\.pem$/, { renew: 'kubelet-client', automatic: true }],
  [/(^|\/)kubelet\.conf$/, { renew: 'kubelet-client', automatic: true }],
  [/(^|\/)kubelet-server-current\.pem$/, { renew: 'kubelet-serving', automatic: true }],
  [/(^|\/)kubelet\.crt$/, { renew: 'kubelet-serving' }],
  [/(^|\/)client-auth-proxy\.crt$/, { renew: 'k3s', signedBy: 'request-header-ca.crt', frontProxy: true }],
  [/(^|\/)(server|client|request-header|peer)-ca(\.nochain)?\.crt$/, { renew: 'k3s-ca' }],
  [/(^|\/)etcd\/(client|server-client|peer-server-client)\.crt$/, { renew: 'k3s' }],
  [/(^|\/)serving-kube-apiserver\.crt$/, { renew: 'k3s', signedBy: 'server-ca.crt' }],
  [/(^|\/)client-[\w-]+\.crt$/, { renew: 'k3s', signedBy: 'client-ca.crt' }],
  [/(^|\/)serving-[\w-]+\.crt$/, { renew: 'k3s' }],
  [/\.kubeconfig$/, { renew: 'k3s' }],
];

/** The kubelet keeps what it had before, under names with the date: nobody reads those any more. */
export function isLeftBehind({ path }: PkiFile): boolean {
  return /(^|\/)kubelet-(client|server)-\d{4}-\d{2}-\d{2}-[\d-]+\.pem$/.test(path);
}

export function nodeFile(file: PkiFile): NodeFile {
  for (const [pattern, found] of layout) {
    const match = pattern.exec(file.path);
    if (match === null) continue;
    const name = found.details?.['kubeadm']?.replace('$2', match[2] ?? '');
    const rke2 = found.renew === 'k3s' && file.file.includes('rke2');
    return {
      ...found,
      ...(rke2 ? { renew: 'rke2' } : {}),
      details: { path: file.file, ...(name === undefined ? {} : { kubeadm: name }) },
    };
  }
  return { renew: 'file', details: { path: file.file } };
}
