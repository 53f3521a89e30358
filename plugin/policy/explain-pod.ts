import { record, textMap, type Json } from '../../shared/kube/json.ts';
import { readPod } from '../../shared/kube/pod.ts';
import type { CompiledPolicy, Mode } from '../../shared/policy/compile.ts';
import { decide, type Decision } from '../../shared/policy/decide.ts';
import { originalImages } from '../../shared/kube/annotation.ts';
import { spared } from '../../shared/policy/exempt.ts';
import { policyFor, type Namespace } from '../../shared/policy/namespace.ts';
import { readOriginals } from '../../shared/policy/patch.ts';
import { soundPolicies } from '../../shared/policy/policy-object.ts';
import { imagesOf, placementOf } from '../../shared/policy/positions.ts';
import { printPath } from '../../shared/policy/problem.ts';
import type { Snapshot } from '../cluster/snapshot.ts';
import { celKinds, namespaceFinder, webhookKinds } from '../doctor/admission/enforcers.ts';
import { noPolicy, ofRecording, reasonFor, type Asking, type Reason } from './pod-reason.ts';

interface ExplainedImage extends Omit<Decision, 'normalized'> {
  /** `spec.containers[0].image` */
  readonly field: string;
  /** What the pod asked for before it was rewritten, as its annotation says; null where it says nothing. */
  readonly original: string | null;
}

/** Why the images of a pod are as they are; the JSON output as it is. */
export interface PodExplanation extends Reason {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'PodExplanation';
  readonly namespace: string;
  readonly name: string;
  readonly policy: string | null;
  readonly mode: Mode | null;
  readonly images: readonly ExplainedImage[];
}

/** What of the cluster is read beside the pod. */
export const explainedBy = ['airgappolicies', 'namespaces', ...webhookKinds, ...celKinds] as const;

export function explainPod(raw: Json, snapshot: Snapshot, asking: Asking): PodExplanation {
  const pod = readPod(raw);
  const namespace = namespaceFinder(snapshot)(pod.meta.namespace);
  const policy = policyFor(soundPolicies(snapshot.airgappolicies.items), namespace);
  const images = policy === null ? [] : explainedImages(raw, policy, namespace);
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'PodExplanation',
    namespace: pod.meta.namespace,
    name: pod.meta.name,
    policy: policy?.name ?? null,
    mode: policy?.mode ?? null,
    ...ofRecording(
      policy === null
        ? noPolicy(namespace, snapshot, asking)
        : reasonFor(pod, namespace, policy, images, snapshot, asking),
      asking,
    ),
    images,
  };
}

function explainedImages(raw: Json, policy: CompiledPolicy, namespace: Namespace): ExplainedImage[] {
  const exemption = policy.exemptions.get(namespace.name);
  const annotations = textMap(record(raw['metadata'])['annotations']);
  const originals = readOriginals(annotations[originalImages]);
  const placement = placementOf('', 'Pod');
  return (placement === null ? [] : imagesOf(raw, placement)).map(({ path, owner, image }) => {
    const decided = decide(policy, image);
    const { normalized: _, ...decision } = exemption === undefined ? decided : spared(decided, exemption);
    return { field: printPath(path), original: originals[owner] ?? null, ...decision };
  });
}
