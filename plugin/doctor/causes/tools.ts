import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const tools: Readonly<Record<IdOf<'tools'>, Cause>> = {
  /** `kubectl`, `server`, `wanted` (major and minor). */
  'kubectl-skew': {
    title: 'kubectl is of another release than the API server allows',
    severity: 'warning',
    owner: 'who keeps this machine',
    summary: (facts) =>
      `kubectl ${fact(facts, 'kubectl')} is more than one minor release away from the API server ${fact(facts, 'server')}`,
    remedy: (facts) => [
      `Bring a kubectl of release ${fact(facts, 'wanted')} through the gap (it is one file), put it first on the PATH, and look:`,
      '$ kubectl version',
    ],
    explanation:
      'Kubernetes supports a kubectl that is one minor release older or newer than the API server. Further apart, a command may use an API that is no longer, or not yet, served, and fields that one side does not know are lost when an object is edited or applied.',
    confirm: ['$ kubectl version'],
  },
  /** `kubelet`, `server`, `side` (newer than, too old for), `remedy` (server or node), `name` of a node. */
  'kubelet-skew': {
    title: 'the kubelet of a node does not fit the API server',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `kubelet ${fact(facts, 'kubelet')} is ${fact(facts, 'side')} the API server ${fact(facts, 'server')}`,
    remedy: (facts) => [
      '$ kubectl get nodes -o wide',
      facts['remedy'] === 'server'
        ? 'Upgrade the control plane first, to the release of the node or newer; kubelets come after it, always. Or install the older kubelet on the node:'
        : 'Move its pods away, upgrade the kubelet by one minor release after the other (its packages have to come through the gap), and let pods back:',
      `$ kubectl drain ${word(facts, 'name')} --ignore-daemonsets --delete-emptydir-data`,
      `$ kubectl uncordon ${word(facts, 'name')}`,
    ],
    explanation:
      'A kubelet must never be newer than its API server, and may be three minor releases older (two before 1.28). Outside of that it may call APIs that are not served, or not understand what a pod asks for; nobody tests such pairs. It happens when an upgrade stopped half way or a node was installed from another medium.',
    confirm: [
      '$ kubectl get nodes -o custom-columns=NAME:.metadata.name,KUBELET:.status.nodeInfo.kubeletVersion',
      '$ kubectl version',
    ],
  },
};
