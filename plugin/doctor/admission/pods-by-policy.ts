import { mirrorPod } from '../../../shared/kube/annotation.ts';
import type { Pod } from '../../../shared/kube/pod.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { judge, type JudgedImage } from '../../../shared/policy/judge.ts';
import { policyFor, type Namespace } from '../../../shared/policy/namespace.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { namespaceFinder } from './enforcers.ts';

export interface JudgedPod {
  readonly pod: Pod;
  readonly namespace: Namespace;
  readonly policy: CompiledPolicy;
  /** The images that are not as the policy wants them, whatever its mode. */
  readonly images: readonly JudgedImage[];
}

/**
 * The running pods that would not come through the policy of their namespace as they are. What has ended is left out:
 * nothing of it is pulled again.
 */
export function podsByPolicy(snapshot: Snapshot): JudgedPod[] {
  const policies = soundPolicies(snapshot.airgappolicies.items);
  const find = namespaceFinder(snapshot);
  return snapshot.pods.items.flatMap((pod) => {
    const { meta, phase } = pod;
    if (phase === 'Succeeded' || phase === 'Failed' || meta.deletionTimestamp !== undefined) return [];
    const namespace = find(meta.namespace);
    const policy = policyFor(policies, namespace);
    if (policy === null) return [];
    const images = imagesNotAsWanted(pod, namespace, policy);
    return images.length === 0 ? [] : [{ pod, namespace, policy, images }];
  });
}

/** By the decision that the webhook would take if the pod were created now; none in an exempt namespace. */
function imagesNotAsWanted(pod: Pod, namespace: Namespace, policy: CompiledPolicy): JudgedImage[] {
  const object = objectOf(pod);
  const create = { group: '', kind: 'Pod', subResource: '', operation: 'CREATE', oldObject: null };
  const { exempt, images } = judge(policy, { ...create, namespace, object }, 'offline');
  return exempt === null ? images.filter(({ decision }) => decision.action !== 'allow') : [];
}

const lists = { container: 'containers', init: 'initContainers', ephemeral: 'ephemeralContainers' } as const;

/** As much of the pod as its images need to be judged. */
function objectOf({ mirror, containers, imageVolumes }: Pod): object {
  const spec: Record<string, object[]> = {
    volumes: imageVolumes.map(({ name, reference }) => ({ name, image: { reference } })),
  };
  for (const { scope, name, image } of containers) (spec[lists[scope]] ??= []).push({ name, image });
  return { metadata: { annotations: mirror ? { [mirrorPod]: '' } : {} }, spec };
}
