import type { ControlPlaneCluster } from './cluster.ts';
import { describeCluster } from './cluster.ts';
import { startControlPlane } from './control-plane/start.ts';
import type { Running } from './processes.ts';
import { containerdSocket, startContainerd } from './node/containerd.ts';
import { startNameServer, type NameServer } from './node/dns.ts';
import { forgetHost, writeHost, type HostSettings } from './node/hosts.ts';
import { startKubelet } from './node/kubelet.ts';
import { createNamespaces, type Namespaces } from './node/namespaces.ts';
import { startServiceProxy } from './node/service-proxy.ts';
import { makeImage } from './registry/image.ts';
import { startRegistries, type ClusterRegistries, type RegistryKind } from './registry/with-cluster.ts';
import { releaseSlot, takeSlot } from './state.ts';
import { tool } from './tools/build.ts';
import { ensureDebian } from './tools/debian.ts';

export interface NodeClusterOptions {
  /** Registries beside the main one. */
  readonly registries?: readonly RegistryKind[];
  /** Makes Services work (kube-proxy): from pods, and from the API server to webhooks. */
  readonly services?: boolean;
  readonly apiServerFlags?: readonly string[];
  /** Fields of the kubelet's configuration file. */
  readonly kubelet?: Readonly<Record<string, unknown>>;
  readonly containerdEnvironment?: Readonly<Record<string, string>>;
}

/** A cluster with one node, `node-1`, that runs pods from the registries. */
export interface NodeCluster extends ControlPlaneCluster {
  /** Where the node's programs run; `place.run([...])` runs a command on the node. */
  readonly place: Namespaces;
  /** This process as seen from the node: servers that pods or webhook calls are to reach listen here. */
  readonly hostAddress: string;
  readonly names: NameServer;
  readonly registries: ClusterRegistries;
  /** Starts the kubelet anew with other fields in its configuration. */
  restartKubelet(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Runs containerd's own client on the node's containers; its standard output. */
  containers(args: readonly string[]): Promise<string>;
  /** Ends the API server and starts it again. */
  restartApiServer(): Promise<void>;
  /** Kills every program and every container at one moment, then starts the programs; waits until the API serves. */
  powerCut(): Promise<void>;
  /** Tells the node how to reach a registry's host, from the next pull on. */
  trust(host: string, settings: HostSettings): void;
  /** The node is told nothing of the host any more. */
  forget(host: string): void;
}

/** The sandbox image of every pod; the node trusts and reaches the main registry from the start. */
export const sandboxImage = 'registry.example.com/pause:3.10';

/**
 * A control plane with a node (containerd, runc, kubelet) in namespaces of their own, and its registries. Needs root
 * and Linux. Nothing outside can be reached from the node or its pods.
 */
export async function startCluster(options: NodeClusterOptions = {}): Promise<NodeCluster> {
  ensureDebian(['util-linux', 'iproute2', 'runc', 'containernetworking-plugins', 'busybox-static', 'docker-registry']);
  const slot = takeSlot();
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.toReversed()) await step();
    releaseSlot(slot);
  };
  try {
    const place = await createNamespaces(slot);
    stops.push(() => place.stop());
    const names = await startNameServer(place.hostAddress);
    stops.push(() => names.close());
    const registries = await startRegistries(place, names, options.registries ?? []);
    stops.push(() => registries.stop());
    await registries.main.push('pause:3.10', await makeImage({ label: 'pause' }));
    writeHost(place, registries.main.host, { ca: registries.authority.certificate });
    const plane = await startControlPlane(place, options.apiServerFlags);
    // The programs end with their namespaces.
    stops.push(() => plane.api.close());
    const beside: Running[] = [];
    const startNode = async (): Promise<Running> => {
      const containerd = await startContainerd(place, sandboxImage, options.containerdEnvironment);
      const kubelet = await startKubelet(place, plane, options.kubelet);
      const proxy = options.services === true ? [await startServiceProxy(place, plane)] : [];
      beside.splice(0, beside.length, containerd, ...proxy);
      return kubelet;
    };
    let kubelet = await startNode();
    return {
      ...describeCluster(slot, plane),
      place,
      hostAddress: place.hostAddress,
      names,
      registries,
      restartKubelet: async (settings) => {
        await kubelet.stop();
        kubelet = await startKubelet(place, plane, settings);
      },
      containers: async (args) =>
        place.run([await tool('ctr'), '--address', containerdSocket, '--namespace', 'k8s.io', ...args]),
      restartApiServer: () => plane.restartApiServer(),
      powerCut: async () => {
        // All but the first process of the namespace, and nothing outside it; then until no port is listened on.
        const portsInUse = "grep -q ' 0A ' /proc/net/tcp /proc/net/tcp6";
        await place.run(['sh', '-c', `kill -9 -1; while ${portsInUse}; do sleep 0.1; done`]);
        await Promise.all([kubelet, ...beside].map((program) => program.stop()));
        await plane.startAgain();
        kubelet = await startNode();
      },
      trust: (host, settings) => writeHost(place, host, settings),
      forget: (host) => forgetHost(place, host),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
