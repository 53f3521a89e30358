import type { Facts } from '../finding.ts';
import { renewals, type Renewal } from './renewals.ts';

/** How `explain`, which knows no names yet, tells the keepers apart. */
const where: Readonly<Record<Renewal, string>> = {
  kubeadm: 'a control plane that kubeadm made',
  'kubeadm-admin': "an administrator's kubeconfig that kubeadm made",
  'kubeadm-ca': 'the CA of a cluster',
  'api-server-name': 'an API server that is called by a name it does not have',
  'kubeconfig-ca': 'a kubeconfig with another CA',
  'user-certificate': "a person's own client certificate",
  'k3s-ca': 'the CA of k3s or RKE2',
  k3s: 'k3s',
  rke2: 'RKE2',
  'kubelet-client': "a kubelet's client certificate",
  'kubelet-serving': "a kubelet's serving certificate",
  'cert-manager': 'a Secret that cert-manager keeps',
  'cert-manager-webhook': "cert-manager's own webhook",
  'zarf-agent': "Zarf's agent",
  'self-renewing': 'a controller that makes its own, as Kyverno and Gatekeeper do',
  secret: 'a Secret that nothing renews',
  'config-map': 'a ConfigMap',
  registry: 'a registry',
  file: 'a file that is not of kubeadm, kubelet, k3s or RKE2',
  'server-by-hand': 'a server whose Secret was not seen',
  'ca-bundle': 'a CA bundle whose right CA stands in a Secret',
  'ca-bundle-by-hand': 'a CA bundle whose right CA was not seen',
  'ca-injector': 'a CA bundle that cert-manager fills in',
};

/** The steps of the keeper that a finding names; where none is named yet, those of each keeper that it may be. */
export function renewal(facts: Facts, keepers: readonly Renewal[]): readonly string[] {
  const named = facts['renew'] ?? '';
  if (Object.hasOwn(renewals, named)) return renewals[named as Renewal](facts);
  return keepers.flatMap((keeper) => [`For ${where[keeper]}:`, ...renewals[keeper](facts)]);
}

/** Who may keep a certificate that lies in the cluster or on a node. */
export const keepersOfCertificates = [
  'cert-manager',
  'zarf-agent',
  'self-renewing',
  'secret',
  'config-map',
  'registry',
  'kubeadm',
  'kubeadm-ca',
  'k3s',
  'rke2',
  'kubelet-client',
] as const satisfies readonly Renewal[];

/** Who may keep the certificate that a webhook shows. */
export const keepersOfServers = [
  'cert-manager',
  'cert-manager-webhook',
  'zarf-agent',
  'self-renewing',
  'secret',
  'server-by-hand',
] as const satisfies readonly Renewal[];

/** Who may keep the CA that is published for a server. */
export const keepersOfBundles = ['ca-bundle', 'ca-bundle-by-hand', 'ca-injector'] as const satisfies readonly Renewal[];
