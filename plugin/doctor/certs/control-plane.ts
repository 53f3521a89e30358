import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Renewal } from '../causes/renewals.ts';

/** Who renews the certificates of the cluster itself, told by the version that its nodes give. */
export interface ControlPlane {
  readonly leaf: Renewal;
  readonly ca: Renewal;
}

export function controlPlane(snapshot: Snapshot): ControlPlane {
  const versions = snapshot.nodes.items.map((node) => node.kubeletVersion);
  if (versions.some((version) => version.includes('+k3s'))) return { leaf: 'k3s', ca: 'k3s' };
  if (versions.some((version) => version.includes('+rke2'))) return { leaf: 'rke2', ca: 'rke2' };
  return { leaf: 'kubeadm', ca: 'kubeadm-ca' };
}
