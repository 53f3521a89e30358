import type { Workload } from '../../../shared/kube/workload.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { judge, type JudgedImage } from '../../../shared/policy/judge.ts';
import { policyFor, type Namespace } from '../../../shared/policy/namespace.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { namespaceFinder } from './enforcers.ts';

/**
 * What makes pods. ReplicaSets are not among them: nearly every one is a Deployment's, with ten old ones beside it, and
 * reading them all would double what is read of a cluster. One that stands alone is known by its pods.
 */
export const templateKinds = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicationcontrollers',
  'podtemplates',
  'jobs',
  'cronjobs',
] as const;

export interface JudgedTemplate {
  readonly workload: Workload;
  readonly namespace: Namespace;
  readonly policy: CompiledPolicy;
  /** The images that the policy turns away; what it rewrites is right in a template. */
  readonly images: readonly JudgedImage[];
}

/** The templates that the policy of their namespace would turn away, with the decision that the webhook takes. */
export function templatesByPolicy(snapshot: Snapshot): JudgedTemplate[] {
  const policies = soundPolicies(snapshot.airgappolicies.items);
  const find = namespaceFinder(snapshot);
  return workloadsOf(snapshot).flatMap((workload) => {
    const { group, kind, meta, onlyImages: object } = workload;
    const namespace = find(meta.namespace);
    const policy = policyFor(policies, namespace);
    if (policy === null || meta.deletionTimestamp !== undefined) return [];
    const create = { group, kind, subResource: '', operation: 'CREATE', oldObject: null };
    const { exempt, images } = judge(policy, { ...create, namespace, object }, 'offline');
    const rejected = images.filter(({ decision: { action } }) => action === 'reject' || action === 'invalid');
    return exempt === null && rejected.length > 0 ? [{ workload, namespace, policy, images: rejected }] : [];
  });
}

export function workloadsOf(snapshot: Snapshot): Workload[] {
  return templateKinds.flatMap((kind) => snapshot[kind].items);
}
