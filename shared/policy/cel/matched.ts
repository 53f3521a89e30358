import { mirrorPod } from '../../kube/annotation.ts';
import { celText } from './literal.ts';

const operations = ['CREATE', 'UPDATE'];
const everywhere = { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} };
const rule = (apiGroup: string, ...resources: string[]): object => ({
  apiGroups: [apiGroup],
  apiVersions: ['v1'],
  operations,
  resources,
  scope: 'Namespaced',
});

/** `matchConstraints` of what judges pods, with every default spelled out. */
export const podRules = { ...everywhere, resourceRules: [rule('', 'pods', 'pods/ephemeralcontainers')] };

/** `matchConstraints` of what judges everything that makes pods: the kinds of the webhook's configuration. */
export const templateRules = {
  ...everywhere,
  resourceRules: [
    rule('apps', 'deployments', 'statefulsets', 'daemonsets', 'replicasets'),
    rule('batch', 'jobs', 'cronjobs'),
    rule('', 'replicationcontrollers', 'podtemplates'),
  ],
};

/** The pod spec of an object of these kinds, of which a replication controller may have none. */
export function templateSpec(object: string): string {
  return `request.kind.kind == 'CronJob' ? ${object}.spec.jobTemplate.spec.template.spec : request.kind.kind == 'PodTemplate' ? ${object}.template.spec : ${object}.spec.?template.?spec.orValue({})`;
}

/** A mirror pod stands for a static pod's file on a node; the kubelet makes it, and never runs it from the API. */
export const notMirrorPod = {
  name: 'not-a-mirror-pod',
  expression: `!has(object.metadata.annotations) || !(${celText(mirrorPod)} in object.metadata.annotations)`,
};
