import type { Facts } from '../finding.ts';

/**
 * k3s and RKE2 bring their own containerd: one file names all registries, and what containerd reads is made from it at
 * each start, so that edits below certs.d are lost. Undefined for every other node.
 */
export function rancher(facts: Facts): Rancher | undefined {
  return facts['runtime'] === 'k3s' || facts['runtime'] === 'rke2' ? distributions[facts['runtime']] : undefined;
}

interface Rancher {
  /** Where registries, mirrors and authorities are named. */
  readonly registries: string;
  /** Where containerd's own configuration is made. */
  readonly certificates: string;
  readonly log: string;
  readonly crictl: string;
  readonly restart: string;
}

const distributions: Readonly<Record<'k3s' | 'rke2', Rancher>> = {
  k3s: {
    registries: '/etc/rancher/k3s/registries.yaml',
    certificates: '/var/lib/rancher/k3s/agent/etc/containerd/certs.d',
    log: '/var/lib/rancher/k3s/agent/containerd/containerd.log',
    crictl: 'k3s crictl',
    restart: '$ sudo systemctl restart k3s || sudo systemctl restart k3s-agent',
  },
  rke2: {
    registries: '/etc/rancher/rke2/registries.yaml',
    certificates: '/var/lib/rancher/rke2/agent/etc/containerd/certs.d',
    log: '/var/lib/rancher/rke2/agent/containerd/containerd.log',
    crictl: '/var/lib/rancher/rke2/bin/crictl --config /var/lib/rancher/rke2/agent/etc/crictl.yaml',
    restart: '$ sudo systemctl restart rke2-server || sudo systemctl restart rke2-agent',
  },
};
