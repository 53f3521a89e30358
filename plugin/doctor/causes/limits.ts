import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { counterpart, onNode, showConfiguration, tryAgain } from './place.ts';

export const limits: Readonly<Record<IdOf<'limits'>, Cause>> = {
  'rate-limited': {
    title: 'the registry limits how often images may be pulled',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) => `${counterpart(facts)} says that too many images were pulled (429)`,
    remedy: (facts) => [
      'Inside a gap nothing should reach a limit of the internet: if that registry is one, traffic leaves the gap, mostly through a mirror that passes requests on. See what the node is told, and have the mirror hold its own copy:',
      ...showConfiguration(facts),
      'If the limit is that of your own registry or proxy, raise it, or spread the pulls (a rolling restart with a smaller maxSurge).',
      ...tryAgain(facts),
    ],
    explanation:
      'Registries count pulls by account or by address and refuse more for some hours. All nodes behind one gateway count as one address. In a closed environment the answer also proves that something still talks to the outside.',
    confirm: ['From the node, see the answer and its headers:', '$ curl -sSI https://HOST/v2/REPOSITORY/manifests/TAG'],
    example:
      'unexpected status from HEAD request to https://registry.example.com/v2/team/app/manifests/1.0: 429 Too Many Requests',
  },
  'kubelet-qps': {
    title: 'the kubelet limits its own pulls',
    severity: 'warning',
    owner: 'node administrator',
    summary: (facts) =>
      `the kubelet of ${facts['node'] ?? 'the node'} has started too many pulls at once and puts this one off`,
    remedy: (facts) => [
      'It passes by itself. If many pods start on one node at a time, raise the limits in the configuration of the kubelet (registryPullQPS 5, registryBurst 10 are the defaults) and restart it:',
      '$ sudo grep -nE "registryPullQPS|registryBurst|serializeImagePulls" /var/lib/kubelet/config.yaml',
      '$ sudo systemctl restart kubelet',
      `Missing images that are tried again and again use the limit up as well: look for other findings on ${facts['node'] ?? 'this node'}.`,
    ],
    explanation:
      'The kubelet allows itself five new pulls a second and ten in a burst. When a node comes back with many pods, or many pods with missing images try again together, the rest is put off with this message. Nothing was asked of the registry.',
    confirm: ['$ sudo grep -nE "registryPullQPS|registryBurst" /var/lib/kubelet/config.yaml'],
    example: 'Failed to pull image "registry.example.com/team/app:1.0": pull QPS exceeded',
  },
  'pull-timeout': {
    title: 'a pull took too long and was ended',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) =>
      `the pull of ${fact(facts, 'image')} made no progress or took too long, and the node gave it up`,
    remedy: (facts) => [
      `${onNode(facts)}, measure the pull:`,
      `$ time sudo crictl pull ${word(facts, 'image')}`,
      'If it is slow all the time, look at the path to the registry and at the disk of the node. If it succeeds, only a limit was too short: containerd ends a pull after image_pull_progress_timeout (5m) without a byte, CRI-O after pull_progress_timeout.',
      '$ sudo grep -rn "progress_timeout" /etc/containerd/config.toml /etc/crio/',
      'Many large images at once share one line: bring them to the nodes beforehand, or pull fewer at a time.',
    ],
    explanation:
      'The transfer had begun, and then no data came for so long, or the whole took so long, that the runtime or the kubelet cancelled it. The registry is overloaded, the line too thin for the size of the image, or the disk of the node too slow to take it. A restart of the runtime during a pull leaves the same words.',
    confirm: ['On the node:', '$ time sudo crictl pull IMAGE'],
    example: 'failed to pull and unpack image "registry.example.com/team/app:1.0": failed to copy: context canceled',
  },
  'disk-full': {
    title: 'the disk of the node is full',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) => `${facts['node'] ?? 'the node'} has no space left for ${fact(facts, 'image')}`,
    remedy: (facts) => [
      `${onNode(facts)}, see which file system is full; a file system can also run out of inodes:`,
      '$ df -h /var/lib/containerd /var/lib/containers /var/lib/docker /var/lib/kubelet /tmp 2>/dev/null',
      '$ df -i /var/lib/containerd /var/lib/containers 2>/dev/null',
      'Remove images that no container uses:',
      '$ sudo crictl rmi --prune',
      'If that is not enough, enlarge the file system, or let the kubelet clean up earlier (imageGCHighThresholdPercent).',
      ...tryAgain(facts),
    ],
    explanation:
      'Writing or unpacking the image ended with "no space left on device". A pull needs room for the packed and the unpacked layers at once, about three times the size that the registry shows. The kubelet removes unused images only above a threshold of the file system that it knows; a separate one for temporary files can fill unseen.',
    confirm: [
      'On the node:',
      '$ df -h /var/lib/containerd /var/lib/kubelet',
      'From the API: the condition DiskPressure of the node:',
      '$ kubectl describe node NODE | grep -A8 Conditions',
    ],
    example:
      'failed to extract layer sha256:2c26b46b68ff…: write /var/lib/containerd/tmpmounts/containerd-mount9/usr/lib/libc.so: no space left on device: unknown',
  },
};
