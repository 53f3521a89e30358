import type { Manifest } from '../api.ts';

const quick = { terminationGracePeriodSeconds: 0 };
const task = {
  ...quick,
  restartPolicy: 'Never',
  containers: [{ name: 'main', image: 'busybox', command: ['/bin/busybox', 'true'] }],
};

function set(kind: string, name: string, image: string): Manifest {
  const template = { metadata: { labels: { app: name } }, spec: { ...quick, containers: [{ name: 'main', image }] } };
  const spec = { selector: { matchLabels: { app: name } }, template };
  return { apiVersion: 'apps/v1', kind, metadata: { name }, spec };
}

/** What a vendor's manifests look like: everything that makes pods, and no image with the name of a mirror. */
export const workloads: readonly Manifest[] = [
  set('Deployment', 'web', 'nginx'),
  set('StatefulSet', 'db', 'docker.io/nginx'),
  set('DaemonSet', 'agent', 'index.docker.io/library/nginx:latest'),
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once' },
    spec: { template: { metadata: { labels: { app: 'once' } }, spec: task } },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: { metadata: { labels: { app: 'tick' } }, spec: task } } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bare', labels: { app: 'bare' } },
    spec: {
      ...quick,
      initContainers: [{ name: 'prepare', image: 'busybox', command: ['/bin/busybox', 'true'] }],
      containers: [{ name: 'main', image: 'nginx', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', image: { reference: 'redis:7' } }],
    },
  },
];
