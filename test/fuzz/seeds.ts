import { reviewOf } from '../webhook/reviews.ts';

const spec = {
  containers: [
    {
      name: 'app',
      image: 'nginx:1.27',
      ports: [{ containerPort: 80 }],
      env: [{ name: 'IMAGE', value: 'evil.io/env' }],
    },
    { name: 'side', image: 'my-registry.local/side:1' },
  ],
  initContainers: [{ name: 'init', image: 'quay.io/a/init@sha256:' + 'a'.repeat(64), restartPolicy: 'Always' }],
  ephemeralContainers: [{ name: 'debug', image: 'busybox', targetContainerName: 'app' }],
  volumes: [
    { name: 'models', image: { reference: 'quay.io/own/models:7', pullPolicy: 'IfNotPresent' } },
    { name: 'tmp', emptyDir: {} },
  ],
  imagePullSecrets: [{ name: 'own' }],
  serviceAccountName: 'default',
  tolerations: [{ key: 'x', operator: 'Exists' }],
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'team', annotations: { a: 'b' } },
  spec,
};
const template = { metadata: { labels: { app: 'x' } }, spec };

const workload = (group: string, kind: string, object: object): object =>
  reviewOf(
    { apiVersion: `${group}/v1`, kind, metadata: { name: 'w' }, spec: object },
    { kind: { group, version: 'v1', kind } },
  );

/** Reviews as an API server sends them: every kind that is judged, and what surrounds them. */
export const seeds: readonly object[] = [
  reviewOf(pod),
  reviewOf({ ...pod, spec: { containers: [{ name: 'c', image: 'nginx' }] } }),
  reviewOf(pod, { operation: 'UPDATE', oldObject: { ...pod, spec: { ...spec, containers: [] } } }),
  reviewOf(pod, {
    operation: 'UPDATE',
    subResource: 'ephemeralcontainers',
    oldObject: { ...pod, spec: { ...spec, ephemeralContainers: [] } },
  }),
  workload('apps', 'Deployment', { replicas: 2, template }),
  workload('apps', 'StatefulSet', { template }),
  workload('apps', 'DaemonSet', { template }),
  workload('apps', 'ReplicaSet', { template }),
  workload('batch', 'Job', { template }),
  workload('batch', 'CronJob', { schedule: '* * * * *', jobTemplate: { spec: { template } } }),
  reviewOf(
    { kind: 'ReplicationController', spec: { template } },
    { kind: { group: '', version: 'v1', kind: 'ReplicationController' } },
  ),
  reviewOf(
    { kind: 'ConfigMap', data: { image: 'evil.io/x' } },
    { kind: { group: '', version: 'v1', kind: 'ConfigMap' } },
  ),
];
