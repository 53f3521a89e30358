import type { Pod } from '../../../shared/kube/pod.ts';
import { shell } from '../shell.ts';

const restarted = new Map([
  ['StatefulSet', 'statefulset'],
  ['DaemonSet', 'daemonset'],
]);

/** The command after which the pod has been made anew, by whatever makes it. */
export function madeAnew({ meta }: Pod): string {
  const kubectl = `kubectl -n ${shell(meta.namespace)}`;
  const [owner] = meta.owners;
  if (owner === undefined) return `${kubectl} get pod ${shell(meta.name)} -o yaml | kubectl replace --force -f -`;
  const resource = restarted.get(owner.kind);
  if (resource !== undefined) return `${kubectl} rollout restart ${resource} ${shell(owner.name)}`;
  const deployment = deploymentOf({ meta });
  if (deployment !== undefined) return `${kubectl} rollout restart deployment ${shell(deployment)}`;
  return `${kubectl} delete pod ${shell(meta.name)}`;
}

/** The Deployment that a pod belongs to: its ReplicaSet has that name and the hash of the template. */
export function deploymentOf({ meta }: Pick<Pod, 'meta'>): string | undefined {
  const hash = meta.labels['pod-template-hash'];
  const [owner] = meta.owners;
  return owner?.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? owner.name.slice(0, -hash.length - 1)
    : undefined;
}
