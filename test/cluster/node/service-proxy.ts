import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { kubeconfigText } from '../control-plane/pki.ts';
import type { ControlPlane } from '../control-plane/start.ts';
import { waitFor, type Running } from '../processes.ts';
import { tool } from '../tools/build.ts';
import { ensureDebian } from '../tools/debian.ts';
import { nodeName } from './kubelet.ts';
import { podRange, type Namespaces } from './namespaces.ts';

/** Starts kube-proxy, after the node has its address: it ends when that changes. */
export async function startServiceProxy(place: Namespaces, plane: ControlPlane): Promise<Running> {
  ensureDebian(['nftables', 'conntrack']);
  const program = await tool('kube-proxy');
  const client = plane.pki.authority.issue({ commonName: 'system:kube-proxy' });
  const directory = path.join(place.slot.directory, 'kubelet');
  const kubeconfig = path.join(directory, 'proxy.kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(plane.server, plane.pki.authority.certificate, client, 'proxy'), {
    mode: 0o600,
  });
  const file = path.join(directory, 'proxy.json');
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: 'nftables',
      clientConnection: { kubeconfig },
      hostnameOverride: nodeName,
      clusterCIDR: podRange(place.slot),
      conntrack: { maxPerCore: 0, min: 0 },
    }),
  );
  const running = place.start({ name: 'kube-proxy', command: [program, `--config=${file}`] });
  await waitFor(
    'Services are served',
    async () => (await place.run(['nft', 'list', 'tables'])).includes('kube-proxy'),
    {
      programs: [running],
    },
  );
  return running;
}
