import { signedBy } from '../../../shared/cert/certificate.ts';
import type { PkiFile } from '../../../shared/cert/observed.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Holder } from '../certs/holder.ts';
import { about, judgeCertificate } from '../certs/judge-certificate.ts';
import { isLeftBehind, nodeFile, type NodeFile } from '../certs/node-files.ts';
import { judgePair } from '../certs/secret-pair.ts';
import { inTrustStore } from '../certs/trust-store.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const nodeCertificates: Check = {
  id: 'AG-CRT-009',
  category: 'certs',
  title: "the node's certificate files are in date and signed by their CA",
  explanation:
    'Reads the certificates under --pki-dir, on a node or in a copy of its folders: those of kubeadm in /etc/kubernetes with the kubeconfigs of the control plane, those of the kubelet in /var/lib/kubelet/pki, and those of k3s and RKE2 in /var/lib/rancher. Some, such as front-proxy-client.crt, can be seen nowhere else. Files of keys are not opened, and files that kubelet has left behind are passed over.',
  needs: ['pki-files'],
  wants: ['configmaps'],
  run: (snapshot, { now }) => {
    const files = snapshot['pki-files'].items.filter((file) => !isLeftBehind(file));
    return files.flatMap((file) => judge(file, files, snapshot, now));
  },
  unseen: (snapshot) => {
    const closed = snapshot['pki-files'].items.filter(({ error }) => error !== '');
    const reason = closed.map(({ file, error }) => `${file}: ${error}`).join('; ');
    return closed.length === 0 ? null : { decisive: true, reason };
  },
};

function judge(file: PkiFile, all: readonly PkiFile[], snapshot: Snapshot, now: Date): Finding[] {
  const { bundle } = file;
  if (bundle === null || inTrustStore(bundle)) return [];
  const kind = nodeFile(file);
  const holder: Holder = {
    where: file.file,
    renew: kind.renew,
    details: { ...kind.details, ...nodeName(file) },
    automatic: kind.automatic === true,
    objects: [{ kind: 'File', name: file.file }],
  };
  const [leaf, ...rest] = bundle.certificates;
  if (leaf === undefined) {
    const facts = { where: file.file, renew: kind.renew, ...holder.details, problem: bundle.problems.join('; ') };
    return [
      { cause: 'cert-unreadable', confidence: 'certain', facts, evidence: bundle.problems, objects: holder.objects },
    ];
  }
  const own = bundle.certificates.flatMap((certificate) => judgeCertificate(certificate, holder, now));
  return [
    ...own,
    ...judgePair(leaf, rest, caOf(file, kind, all), holder, now).map((found) => stricter(found, kind)),
    ...frontProxy(file, kind, snapshot, holder, now),
  ];
}

/** On a node the layout says which CA must have signed what, so a mismatch is one. */
function stricter(finding: Finding, kind: NodeFile): Finding {
  if (finding.cause !== 'cert-not-signed-by-ca') return finding;
  const facts = { ...finding.facts, fault: 'unknown-authority' };
  return kind.frontProxy === true
    ? { ...finding, cause: 'front-proxy-ca', severity: 'error', confidence: 'certain', facts }
    : { ...finding, severity: 'error', confidence: 'certain' };
}

function caOf(file: PkiFile, kind: NodeFile, all: readonly PkiFile[]): Parameters<typeof judgePair>[2] {
  if (file.ca !== null) return undefined;
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  const found = all.find(({ path }) => kind.signedBy !== undefined && path === folder + kind.signedBy);
  return found?.bundle ? { roots: found.bundle.certificates, where: found.file } : undefined;
}

/** Aggregated APIs know the front proxy by the CA in a ConfigMap, which the API server writes when it starts. */
function frontProxy(file: PkiFile, kind: NodeFile, snapshot: Snapshot, holder: Holder, now: Date): Finding[] {
  const [leaf] = file.bundle?.certificates ?? [];
  if (kind.frontProxy !== true || leaf === undefined) return [];
  return snapshot.configmaps.items
    .filter(({ meta }) => meta.namespace === 'kube-system' && meta.name === 'extension-apiserver-authentication')
    .flatMap(({ bundles }) => bundles.filter(({ key }) => key === 'requestheader-client-ca-file'))
    .filter(({ bundle }) => !bundle.certificates.some((ca) => signedBy(leaf, ca)))
    .map(() => {
      const caWhere = 'ConfigMap kube-system/extension-apiserver-authentication';
      return about('front-proxy-ca', leaf, holder, now, { caWhere, fault: 'unknown-authority' });
    });
}

/** A kubelet's client certificate says which node it is for. */
function nodeName(file: PkiFile): { node?: string } {
  const name = file.bundle?.certificates[0]?.commonName ?? '';
  return name.startsWith('system:node:') ? { node: name.slice('system:node:'.length) } : {};
}
