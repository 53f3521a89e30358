import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ControlPlane } from '../control-plane/start.ts';
import { kubeconfigText } from '../control-plane/pki.ts';
import { waitFor, type Running } from '../processes.ts';
import { tool } from '../tools/build.ts';
import { containerdSocket } from './containerd.ts';
import type { Namespaces } from './namespaces.ts';

export const nodeName = 'node-1';

/** Starts the kubelet and waits until its node is Ready. `settings` override single fields of its configuration. */
export async function startKubelet(
  place: Namespaces,
  plane: ControlPlane,
  settings: Readonly<Record<string, unknown>> = {},
  flags: readonly string[] = [],
): Promise<Running> {
  const kubelet = await tool('kubelet');
  const directory = path.join(place.slot.directory, 'kubelet');
  mkdirSync(directory, { recursive: true });
  plane.pki.add('kubelet', plane.pki.authority.issue({ commonName: nodeName, names: [nodeName, place.address] }));
  const client = plane.pki.authority.issue({ commonName: `system:node:${nodeName}`, organization: 'system:nodes' });
  const kubeconfig = path.join(directory, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(plane.server, plane.pki.authority.certificate, client, 'node'), {
    mode: 0o600,
  });
  const file = path.join(directory, 'config.json');
  writeFileSync(file, JSON.stringify({ ...configuration(place, plane, directory), ...settings }));
  const running = place.start({
    name: 'kubelet',
    command: [
      kubelet,
      `--config=${file}`,
      `--kubeconfig=${kubeconfig}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${place.address}`,
      ...flags,
    ],
  });
  await waitFor('the node is Ready', () => isReady(plane), { programs: [running], seconds: 90 });
  return running;
}

async function isReady(plane: ControlPlane): Promise<boolean> {
  interface Node {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
    readonly spec?: { readonly taints?: readonly unknown[] };
  }
  const node = await plane.api.get<Node>(`/api/v1/nodes/${nodeName}`);
  const ready = node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  // The controller manager takes the not-ready taint off a little later, and only then are pods scheduled.
  return ready === true && (node.spec?.taints ?? []).length === 0;
}

function configuration(place: Namespaces, plane: ControlPlane, directory: string): Record<string, unknown> {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: plane.pki.file('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: plane.pki.file('kubelet.crt'),
    tlsPrivateKeyFile: plane.pki.file('kubelet.key'),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${place.controlGroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    volumePluginDir: `${directory}/volume-plugins`,
    clusterDNS: [place.hostAddress],
    resolvConf: '/etc/resolv.conf',
    maxPods: 250,
    // Sixty pods fail at once in a test; they must not wait for each other, nor their events be dropped.
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    syncFrequency: '5s',
    // A full disk must show as what it is, not as evicted pods.
    evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
  };
}
