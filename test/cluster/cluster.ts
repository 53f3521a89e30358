import type { Api } from './api.ts';
import { runCommand } from './command.ts';
import { startControlPlane as startPrograms, type ControlPlane } from './control-plane/start.ts';
import { onLoopback } from './place.ts';
import { releaseSlot, takeSlot, type Slot } from './state.ts';
import { tool } from './tools/build.ts';

/** What every test cluster offers. `await using` ends it and removes all that it made. */
export interface ControlPlaneCluster extends AsyncDisposable {
  /** The path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** The API server's URL. */
  readonly server: string;
  /** The PEM of the authority that signed the API server's certificate. */
  readonly ca: string;
  readonly api: Api;
  /** The folder with the certificates and keys, laid out as kubeadm names them. */
  readonly pkiDirectory: string;
  /** The cluster's own folder: logs are in it as `PROGRAM.log`. */
  readonly directory: string;
  /** Runs kubectl of the cluster's own version as administrator; its standard output. Throws when it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
}

/**
 * A control plane (etcd, API server, controller manager, scheduler) on loopback: no node, no root, about ten seconds.
 * Pods can be created and are Pending for ever.
 */
export async function startControlPlane(
  options: { readonly apiServerFlags?: readonly string[] } = {},
): Promise<ControlPlaneCluster> {
  const slot = takeSlot();
  try {
    const plane = await startPrograms(onLoopback(slot), options.apiServerFlags);
    return {
      ...describeCluster(slot, plane),
      [Symbol.asyncDispose]: async () => {
        await plane.stop();
        releaseSlot(slot);
      },
    };
  } catch (error) {
    releaseSlot(slot);
    throw error;
  }
}

/** What both kinds of cluster have in common. */
export function describeCluster(slot: Slot, plane: ControlPlane): Omit<ControlPlaneCluster, keyof AsyncDisposable> {
  return {
    kubeconfig: plane.kubeconfig,
    server: plane.server,
    ca: plane.pki.authority.certificate,
    api: plane.api,
    pkiDirectory: `${slot.directory}/control-plane/pki`,
    directory: slot.directory,
    kubectl: (args, input) => kubectl(plane.kubeconfig, args, input),
  };
}

async function kubectl(kubeconfig: string, args: readonly string[], input?: string): Promise<string> {
  return runCommand([await tool('kubectl'), '--kubeconfig', kubeconfig, ...args], input);
}
