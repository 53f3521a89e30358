import type { Facts } from '../finding.ts';
import { shell } from '../shell.ts';
import { fact, word } from './cause.ts';

/**
 * How a certificate is renewed depends on who keeps it. A check finds the keeper and names it in the fact `renew`; the
 * steps stand here, with the real names filled in from the other facts.
 */
export const renewals = {
  /** `kubeadm`: the name that kubeadm gives the certificate. */
  kubeadm: (facts) => [
    'On every control-plane node, where kubeadm made the cluster:',
    `$ sudo kubeadm certs renew ${word(facts, 'kubeadm')}`,
    'Then restart the control-plane pods that read it, for example by moving their manifests out of /etc/kubernetes/manifests for 20 seconds.',
  ],
  'kubeadm-admin': (facts) => [
    'On a control-plane node, where kubeadm made the cluster:',
    `$ sudo kubeadm certs renew ${word(facts, 'kubeadm')}`,
    'Then take the new certificate into your own kubeconfig from /etc/kubernetes/admin.conf.',
  ],
  'kubeadm-ca': () => [
    'No command renews a cluster CA: plan a rotation. Make a new CA, let every component trust old and new together, reissue what the old one signed, then drop the old one.',
    'On a control-plane node, see what depends on it:',
    '$ sudo kubeadm certs check-expiration',
  ],
  /** `serverName`: the name or address under which the API server is called. */
  'api-server-name': (facts) => [
    'Either call the API server by a name that it has, or add the missing one. On every control-plane node, where kubeadm made the cluster:',
    '$ sudo mv /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key /root/',
    `$ sudo kubeadm init phase certs apiserver --apiserver-cert-extra-sans ${word(facts, 'server')}`,
    'Then restart the API server, and add the name to certSANs in the ConfigMap kube-system/kubeadm-config so that it stays.',
  ],
  'kubeconfig-ca': () => [
    'Take the CA that the cluster has now into your kubeconfig. On a control-plane node it stands in /etc/kubernetes/admin.conf:',
    '$ sudo grep certificate-authority-data /etc/kubernetes/admin.conf',
    'See first that the server is the one you mean, and that no proxy stands between that shows a certificate of its own:',
    "$ kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'",
  ],
  'user-certificate': () => [
    'Ask who administers the cluster for a new client certificate. It can be issued by the cluster itself:',
    '$ openssl req -new -newkey rsa:2048 -nodes -keyout me.key -subj "/CN=YOUR_NAME/O=YOUR_GROUP" -out me.csr',
    '$ kubectl certificate approve REQUEST',
  ],
  'k3s-ca': () => [
    'A CA of k3s or RKE2 is not renewed with the others. Make a new one and let the servers cross over to it:',
    '$ sudo k3s certificate rotate-ca --path /opt/k3s/server',
  ],
  k3s: () => [
    'On every server node (k3s also renews by itself at a start, when less than 90 to 120 days are left):',
    '$ sudo systemctl stop k3s && sudo k3s certificate rotate && sudo systemctl start k3s',
  ],
  rke2: () => [
    'On every server node (RKE2 also renews by itself at a start, when less than 90 to 120 days are left):',
    '$ sudo systemctl stop rke2-server && sudo rke2 certificate rotate && sudo systemctl start rke2-server',
  ],
  'kubelet-client': (facts) => [
    `On the node${facts['node'] === undefined ? '' : ` ${facts['node']}`}: the kubelet renews this one by itself, so see first why it did not.`,
    '$ sudo journalctl -u kubelet | grep -i certificate | tail -n 20',
    'Once it has expired, on a control-plane node made by kubeadm write a new kubelet.conf, copy it to the node and restart the kubelet:',
    `$ sudo kubeadm kubeconfig user --org system:nodes --client-name system:node:${word(facts, 'node')} > kubelet.conf`,
  ],
  'kubelet-serving': (facts) => [
    `On the node ${fact(facts, 'node')}: without serverTLSBootstrap the kubelet makes this certificate once and never again; a restart without the files makes a new one.`,
    '$ sudo rm /var/lib/kubelet/pki/kubelet.crt /var/lib/kubelet/pki/kubelet.key && sudo systemctl restart kubelet',
    'With serverTLSBootstrap: true, look for the request that waits for approval:',
    '$ kubectl get csr --field-selector spec.signerName=kubernetes.io/kubelet-serving',
  ],
  /** `secretNamespace`, `certificate`: the cert-manager Certificate. */
  'cert-manager': (facts) => [
    `$ cmctl renew ${word(facts, 'certificate')} -n ${word(facts, 'secretNamespace')}`,
    'Without cmctl, the same by kubectl:',
    `$ kubectl -n ${word(facts, 'secretNamespace')} patch certificate ${word(facts, 'certificate')} --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"Issuing","status":"True","reason":"ManuallyTriggered","message":"renewed by hand"}]}}'`,
    'If it is not issued after a minute, see why:',
    `$ kubectl -n ${word(facts, 'secretNamespace')} describe certificate ${word(facts, 'certificate')}`,
  ],
  /** cert-manager's own webhook keeps its CA itself. */
  'cert-manager-webhook': (facts) => [
    `$ kubectl -n ${word(facts, 'secretNamespace')} delete secret ${word(facts, 'secret')}`,
    `$ kubectl -n ${word(facts, 'secretNamespace')} rollout restart deployment cert-manager-webhook`,
  ],
  'zarf-agent': () => ['$ zarf tools update-creds agent'],
  /** Controllers that make the Secret anew as soon as it is gone. */
  'self-renewing': (facts) => [
    `${fact(facts, 'keeper')} makes this Secret anew when it is gone:`,
    `$ kubectl -n ${word(facts, 'secretNamespace')} delete secret ${word(facts, 'secret')}`,
  ],
  /** `secretNamespace`, `secret`, `secretKey`. */
  secret: (facts) => [
    'Nothing in the cluster renews this Secret. Issue a new certificate, with the same names, and put it in:',
    ...((facts['secretKey'] ?? 'tls.crt') === 'tls.crt'
      ? [
          `$ kubectl -n ${word(facts, 'secretNamespace')} create secret tls ${word(facts, 'secret')} --cert=new.crt --key=new.key --dry-run=client -o yaml | kubectl apply -f -`,
        ]
      : [
          `$ kubectl -n ${word(facts, 'secretNamespace')} patch secret ${word(facts, 'secret')} -p ${filled({ data: { [fact(facts, 'secretKey')]: hole } }, '$(base64 -w0 new.crt)')}`,
        ]),
  ],
  /** `configMapNamespace`, `configMap`, `configMapKey`. */
  'config-map': (facts) => [
    'Issue a new CA, publish old and new together until everything it signed is reissued, then drop the old one. To see who put it there:',
    `$ kubectl -n ${word(facts, 'configMapNamespace')} get configmap ${word(facts, 'configMap')} -o yaml --show-managed-fields`,
  ],
  /** `registry`: its host. */
  registry: (facts) => [
    `Ask who runs ${fact(facts, 'registry')} for a new certificate with the same names from the same CA; then no node needs a change.`,
    `If the CA is another one, every node needs it first, with containerd in /etc/containerd/certs.d/${fact(facts, 'registry')}/hosts.toml (ca = "…").`,
    'Look at what it shows then:',
    `$ openssl s_client -connect ${shell(withPort(fact(facts, 'registry')))} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates`,
  ],
  /** `path`. */
  file: (facts) => [
    `Nothing known here renews ${fact(facts, 'path')}. See who issued it and for whom:`,
    `$ openssl x509 -noout -subject -issuer -dates -in ${word(facts, 'path')}`,
  ],
  /** `resource`, `object`, `patchPath`, and where the right CA stands: `secretNamespace`, `secret`, `secretKey`. */
  'ca-bundle': (facts) => [
    'Publish the CA that signed the serving certificate:',
    publish(
      facts,
      `kubectl -n ${word(facts, 'secretNamespace')} get secret ${word(facts, 'secret')} -o jsonpath=${shell(`{.data.${fact(facts, 'secretKey').replaceAll('.', '\\.')}}`)}`,
    ),
  ],
  /** The same where no Secret with the CA was seen. */
  'ca-bundle-by-hand': (facts) => [
    'Put the CA that signed the serving certificate into ca.crt, then publish it:',
    publish(facts, 'base64 -w0 ca.crt'),
  ],
  /** `server`, and of a service in the cluster `serviceNamespace`, `service`: where it keeps its certificate is not known. */
  'server-by-hand': (facts) => [
    `Issue a new certificate for ${fact(facts, 'server')}, by the CA that is published for it, and put it where that server reads its own.`,
    ...(facts['service'] === undefined
      ? []
      : [
          'Which Secrets its pods mount:',
          `$ kubectl -n ${word(facts, 'serviceNamespace')} get pods -o custom-columns='POD:.metadata.name,SECRETS:.spec.volumes[*].secret.secretName'`,
        ]),
  ],
  /** `resource`, `object`: cert-manager's cainjector fills the bundle in. */
  'ca-injector': (facts) => [
    `cert-manager's cainjector fills in the CA bundle from ${fact(facts, 'injectedFrom')}. See why it did not, then restart it:`,
    '$ kubectl get deployment -A -l app.kubernetes.io/name=cainjector',
    '$ kubectl -n cert-manager logs deployment/cert-manager-cainjector --tail=20',
    '$ kubectl -n cert-manager rollout restart deployment cert-manager-cainjector',
  ],
} as const satisfies Record<string, (facts: Facts) => readonly string[]>;

export type Renewal = keyof typeof renewals;

function withPort(host: string): string {
  return /:\d+$/.test(host) ? host : `${host}:443`;
}

/** `patchPath` may name several places, parted by spaces: all webhooks of a configuration that share one server. */
function publish(facts: Facts, command: string): string {
  const paths = fact(facts, 'patchPath').split(' ');
  const patch = paths.map((path) => ({ op: 'add', path, value: hole }));
  const [prepare, value] = paths.length === 1 ? ['', `$(${command})`] : [`ca="$(${command})" && `, '$ca'];
  return `$ ${prepare}kubectl patch ${word(facts, 'resource')} ${word(facts, 'object')} --type=json -p ${filled(patch, value)}`;
}

const hole = '\u0000';

/** A document as one shell word, with what the shell puts in for `value` in the place of each hole. */
function filled(document: unknown, value: string): string {
  return JSON.stringify(document).split(JSON.stringify(hole).slice(1, -1)).map(shell).join(`"${value}"`);
}
