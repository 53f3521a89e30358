import { container, fromField, settings, volumes } from './container.ts';

/**
 * Pods as a busy cluster has them: of Deployments, with an init container, probes, environment, volumes and all the
 * conditions; about 9 KB of JSON each once the API server has added its own. One in twenty has no image.
 */
const digest = 'e4720093a3c1381245b53a5a51b417963b3c4472d3f47fc301930a4f3b17666a';

/** What a kubelet and containerd write for the commonest faults. */
const faults: readonly (readonly [reason: string, message: (image: string) => string])[] = [
  [
    'ImagePullBackOff',
    (image) =>
      `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve image: failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp: lookup registry-1.docker.io on 10.96.0.10:53: no such host`,
  ],
  [
    'ErrImagePull',
    (image) =>
      `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve image: ${image}: not found`,
  ],
  [
    'ImagePullBackOff',
    (image) =>
      `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve image: failed to do request: Head "https://registry.example.com:5000/v2/team/app/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
  ],
  [
    'ImagePullBackOff',
    (image) =>
      `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve image: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
  ],
];

export const nodes = 100;
export const namespaces = 20;
export const failingEvery = 20;

export const isFailing = (index: number): boolean => index % failingEvery === 0;
export const namespaceOf = (index: number): string => `team-${index % namespaces}`;
export const podName = (index: number): string =>
  `app-${Math.floor(index / 50)}-6d4cf56db6-${index.toString(36).padStart(5, 'x')}`;

const imageOf = (index: number): string =>
  `registry.example.com:5000/team/app-${Math.floor(index / 50)}:1.${index % 7}`;

const env = [fromField('POD_NAME', 'metadata.name'), fromField('POD_NAMESPACE', 'metadata.namespace'), ...settings(8)];

export function pod(index: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(index),
      namespace: namespaceOf(index),
      labels: {
        'app.kubernetes.io/name': `app-${Math.floor(index / 50)}`,
        'app.kubernetes.io/instance': 'production',
        'app.kubernetes.io/version': '1.2.3',
        'pod-template-hash': '6d4cf56db6',
      },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090', 'checksum/config': digest },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `app-${Math.floor(index / 50)}-6d4cf56db6`,
          uid: '11111111-2222-3333-4444-555555555555',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      nodeName: `node-${index % nodes}`,
      serviceAccountName: 'default',
      initContainers: [
        {
          name: 'migrate',
          image: imageOf(index),
          args: ['migrate'],
          volumeMounts: [{ name: 'config', mountPath: '/etc/app' }],
        },
      ],
      containers: [container('app', imageOf(index), env)],
      volumes,
    },
  };
}

export function podStatus(index: number): object {
  const failing = isFailing(index);
  const now = '2026-11-22T12:00:00Z';
  const condition = (type: string, status: string): object => ({
    type,
    status,
    lastTransitionTime: now,
    ...(status === 'False' ? { reason: 'ContainersNotReady', message: 'containers with unready status: [app]' } : {}),
  });
  const [reason, message] = faults[(index / failingEvery) % faults.length] ?? ['', () => ''];
  const status = {
    image: imageOf(index),
    restartCount: 0,
    ready: !failing,
    started: !failing,
    imageID: failing ? '' : `registry.example.com:5000/team/app@sha256:${digest}`,
    ...(failing ? {} : { containerID: `containerd://${digest}` }),
  };
  return {
    status: {
      phase: failing ? 'Pending' : 'Running',
      startTime: now,
      hostIP: `10.0.0.${index % nodes}`,
      hostIPs: [{ ip: `10.0.0.${index % nodes}` }],
      podIP: `10.244.${index % nodes}.${index % 250}`,
      podIPs: [{ ip: `10.244.${index % nodes}.${index % 250}` }],
      qosClass: 'Burstable',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) =>
        condition(type, failing && type.endsWith('Ready') ? 'False' : 'True'),
      ),
      initContainerStatuses: [
        {
          ...status,
          name: 'migrate',
          ready: true,
          started: false,
          imageID: `registry.example.com:5000/team/app@sha256:${digest}`,
          containerID: `containerd://${digest}`,
          state: {
            terminated: {
              exitCode: 0,
              reason: 'Completed',
              startedAt: now,
              finishedAt: now,
              containerID: `containerd://${digest}`,
            },
          },
        },
      ],
      containerStatuses: [
        {
          ...status,
          name: 'app',
          state: failing ? { waiting: { reason, message: message(imageOf(index)) } } : { running: { startedAt: now } },
        },
      ],
    },
  };
}

export function failedEvent(index: number): object {
  const now = '2026-11-22T12:00:00Z';
  const [, message] = faults[(index / failingEvery) % faults.length] ?? ['', () => ''];
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${podName(index)}.1`, namespace: namespaceOf(index) },
    type: 'Warning',
    reason: 'Failed',
    message: `Failed to pull image "${imageOf(index)}": ${message(imageOf(index))}`,
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      name: podName(index),
      namespace: namespaceOf(index),
      fieldPath: 'spec.containers{app}',
    },
    source: { component: 'kubelet', host: `node-${index % nodes}` },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 12,
  };
}

export function node(index: number): object {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${index}` } };
}

export const nodeStatus = {
  status: {
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: '6.1',
      osImage: 'Debian 12',
      kubeProxyVersion: '',
      containerRuntimeVersion: 'containerd://2.4.2',
      kubeletVersion: 'v1.37.2',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  },
};
