import type { ResourceType } from '../cluster/kinds.ts';

const workload = (group: string, plural: string, kind: string): ResourceType => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});

/** The built-in kinds that name images; custom resources are found through their definitions. */
export const workloads: readonly ResourceType[] = [
  workload('', 'pods', 'Pod'),
  workload('', 'podtemplates', 'PodTemplate'),
  workload('', 'replicationcontrollers', 'ReplicationController'),
  workload('apps', 'deployments', 'Deployment'),
  workload('apps', 'statefulsets', 'StatefulSet'),
  workload('apps', 'daemonsets', 'DaemonSet'),
  workload('apps', 'replicasets', 'ReplicaSet'),
  workload('batch', 'jobs', 'Job'),
  workload('batch', 'cronjobs', 'CronJob'),
];
