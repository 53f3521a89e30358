import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { onNode, tryAgain } from './place.ts';

export const kubelet: Readonly<Record<IdOf<'kubelet'>, Cause>> = {
  'never-pull': {
    title: 'the image is not on the node, and the pod forbids to pull it',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) =>
      `${fact(facts, 'image')} is not on ${facts['node'] ?? 'the node'}, and imagePullPolicy: Never forbids to pull it`,
    remedy: (facts) => [
      `${onNode(facts)}, see whether it is there under another name; the name must be the same to the letter, registry and tag included:`,
      '$ sudo crictl images',
      'Bring it to every node that the pod may run on. With containerd, from an archive:',
      '$ sudo ctr -n k8s.io images import image.tar',
      'or allow the pull where a registry has it: imagePullPolicy: IfNotPresent in the manifest.',
    ],
    explanation:
      'With imagePullPolicy Never the kubelet only uses images that are on the node already. This one is not, or under another name. Images that were loaded by hand are also removed by the kubelet when the disk fills and no container uses them, unless the runtime is told to pin them.',
    confirm: ['On the node:', '$ sudo crictl inspecti IMAGE'],
    example: 'Container image "registry.example.com/team/app:1.0" is not present with pull policy of Never',
  },
  'never-pull-unverified': {
    title: 'the image is on the node, but not for a pod with these credentials',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `if ${fact(facts, 'image')} is on ${facts['node'] ?? 'the node'}, the kubelet hides it, because no pull with the credentials of this pod has succeeded there`,
    remedy: (facts) => [
      `${onNode(facts)}, see whether the image is there; if it is not, this is not the cause:`,
      `$ sudo crictl inspecti ${word(facts, 'image')}`,
      'If it is: let the pod name the same pull secret as the pod that pulled it, and allow a pull once (imagePullPolicy: IfNotPresent).',
      'For images that are brought to the nodes without a registry, tell the kubelet not to ask (imagePullCredentialsVerificationPolicy: NeverVerifyPreloadedImages, or NeverVerifyAllowlistedImages with a list), then restart it:',
      '$ sudo grep -nA3 imagePullCredentialsVerificationPolicy /var/lib/kubelet/config.yaml',
      '$ sudo systemctl restart kubelet',
    ],
    explanation:
      'Since 1.35 by default (1.33 on request) a kubelet remembers with which credentials an image was pulled, and gives it only to pods that bring the same. To a pod that does not, it says with imagePullPolicy Never the very words that it says for an image that is not there, on purpose, so that nobody learns what is on a node. Images that were there before the kubelet first ran count as preloaded; one that was pulled by hand later may not.',
    confirm: ['On the node:', '$ sudo crictl inspecti IMAGE', '$ sudo ls /var/lib/kubelet/image_manager/pulled'],
    example: 'Container image "registry.example.com/team/app:1.0" is not present with pull policy of Never',
  },
  'cause-lost': {
    title: 'the pull fails, and nobody has kept the reason',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) => `${fact(facts, 'image')} cannot be pulled, and neither the pod nor its events say why any more`,
    remedy: (facts) => [
      'Let the kubelet try again and read the event at once; deleting the pod does that where a controller makes a new one:',
      `$ kubectl delete pod ${word(facts, 'name')} -n ${word(facts, 'namespace')}`,
      `$ kubectl get events -n ${word(facts, 'namespace')} --field-selector reason=Failed -w`,
      `or ${onNode(facts).toLowerCase()}, which disturbs nothing:`,
      `$ sudo crictl pull ${word(facts, 'image')}`,
      'or let this tool ask the registry itself, as seen from here:',
      `$ kubectl airgap doctor pulls --registry ${word({ host: facts['host'] ?? facts['upstream'] ?? 'HOST' }, 'host')}`,
    ],
    explanation:
      'Before Kubernetes 1.32 a container that waits in back-off says only that it does. The reason stands in an event of the pod, and events are kept for one hour; a pull that has failed for longer than that, in a cluster whose events cannot be read, or in a recording without events, has no reason left to read.',
    confirm: ['$ kubectl describe pod NAME -n NAMESPACE', 'On the node:', '$ sudo crictl pull IMAGE'],
    example: 'Back-off pulling image "registry.example.com/team/app:1.0"',
  },
  'image-inspect': {
    title: 'the runtime cannot say whether the image is there',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the kubelet of ${facts['node'] ?? 'the node'} asked the container runtime for ${fact(facts, 'image')} and got an error`,
    remedy: (facts) => [
      `${onNode(facts)}, see whether the runtime answers at all:`,
      '$ sudo crictl info | head',
      `$ sudo crictl inspecti ${word(facts, 'image')}`,
      '$ sudo journalctl -u containerd -u crio -u kubelet --since -1h | tail -50',
      'If it hangs or is down, restart it; running containers go on:',
      '$ sudo systemctl restart containerd',
      ...tryAgain(facts),
    ],
    explanation:
      'Before it pulls, the kubelet asks the runtime whether it has the image. That question itself failed, so nothing was asked of a registry: the runtime is down or overloaded, or its store is damaged.',
    confirm: ['On the node:', '$ sudo crictl inspecti IMAGE'],
    example:
      'Failed to inspect image "registry.example.com/team/app:1.0": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory"',
  },
  'runtime-config': {
    title: 'the container runtime of the node is not set up to run the image',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the container runtime of ${facts['node'] ?? 'the node'} is not set up, or not up, ${facts['image'] === undefined ? 'for what this pod asks of it' : `to take ${facts['image']}`}`,
    remedy: (facts) => [
      'The evidence names what it lacks: a snapshotter, a runtime handler, a policy file, or its socket.',
      `${onNode(facts)}, see the state of the runtime and of its plugins; a plugin whose status is not "ok" is the one:`,
      '$ sudo ctr plugins ls | grep -v " ok "',
      '$ sudo containerd config dump | grep -nE "snapshotter|runtime_type|sandbox"',
      'CRI-O and Podman pull nothing without a policy for signatures, and one of the type "reject" refuses every image:',
      '$ sudo cat /etc/containers/policy.json',
      'After a change:',
      '$ sudo systemctl restart containerd',
    ],
    explanation:
      'The runtime was asked for an image and its own configuration stood in the way: a snapshotter or runtime handler that is configured but not installed, a policy file that is missing or rejects everything, a value that cannot be read. It concerns the node and each of its images.',
    confirm: ['On the node:', '$ sudo ctr plugins ls', '$ sudo crictl info'],
    example:
      'failed to pull and unpack image "registry.example.com/team/app:1.0": unable to initialize unpacker: no unpack platforms defined: invalid argument',
  },
};
