import { record, textMap, type Json } from '../../shared/kube/json.ts';
import { readPod, type Pod } from '../../shared/kube/pod.ts';
import type { CompiledPolicy, Mode } from '../../shared/policy/compile.ts';
import { decide, type Decision } from '../../shared/policy/decide.ts';
import { policyFor, type Namespace } from '../../shared/policy/namespace.ts';
import { originalImages } from '../../shared/kube/annotation.ts';
import { readOriginals } from '../../shared/policy/patch.ts';
import { soundPolicies } from '../../shared/policy/policy-object.ts';
import { imagesOf, placementOf } from '../../shared/policy/positions.ts';
import { printPath } from '../../shared/policy/problem.ts';
import type { Snapshot } from '../cluster/snapshot.ts';
import {
  celKinds,
  enforcersOf,
  namespaceFinder,
  unseenEnforcers,
  webhookKinds,
} from '../doctor/admission/enforcers.ts';
import { untouchedText, whyUntouched, type WhyUntouched } from '../doctor/admission/why-untouched.ts';

export interface ExplainedImage extends Omit<Decision, 'normalized'> {
  /** `spec.containers[0].image` */
  readonly field: string;
  /** What the pod asked for before it was rewritten, as its annotation says; null where it says nothing. */
  readonly original: string | null;
}

type Why =
  | WhyUntouched['why']
  | 'no-policy'
  | 'mirror-pod'
  | 'exempt'
  | 'rewritten'
  | 'allowed'
  | 'mode'
  /** The configurations of webhooks may not be read, so it is not known which of several reasons it is. */
  | 'unknown';

/** Why the images of a pod are as they are; the JSON output as it is. */
export interface PodExplanation {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'PodExplanation';
  readonly namespace: string;
  readonly name: string;
  readonly policy: string | null;
  readonly mode: Mode | null;
  readonly why: Why;
  /** One sentence about the pod as a whole. */
  readonly reason: string;
  readonly images: readonly ExplainedImage[];
}

/** What of the cluster is read beside the pod. */
export const explainedBy = ['airgappolicies', 'namespaces', ...webhookKinds, ...celKinds] as const;

export function explainPod(raw: Json, snapshot: Snapshot): PodExplanation {
  const pod = readPod(raw);
  const namespace = namespaceFinder(snapshot)(pod.meta.namespace);
  const policy = policyFor(soundPolicies(snapshot.airgappolicies.items), namespace);
  const images = policy === null ? [] : explainedImages(raw, policy);
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'PodExplanation',
    namespace: pod.meta.namespace,
    name: pod.meta.name,
    policy: policy?.name ?? null,
    mode: policy?.mode ?? null,
    ...(policy === null
      ? {
          why: 'no-policy',
          reason: `no policy selects the namespace ${namespace.name}, so its images are left as they are`,
        }
      : whyAsItIs(pod, namespace, policy, images, snapshot)),
    images,
  };
}

function explainedImages(raw: Json, policy: CompiledPolicy): ExplainedImage[] {
  const annotations = textMap(record(raw['metadata'])['annotations']);
  const originals = readOriginals(annotations[originalImages]);
  const placement = placementOf('', 'Pod');
  return (placement === null ? [] : imagesOf(raw, placement)).map(({ path, owner, image }) => {
    const { normalized: _, ...decision } = decide(policy, image);
    return { field: printPath(path), original: originals[owner] ?? null, ...decision };
  });
}

function whyAsItIs(
  pod: Pod,
  namespace: Namespace,
  policy: CompiledPolicy,
  images: readonly ExplainedImage[],
  snapshot: Snapshot,
): { readonly why: Why; readonly reason: string } {
  if (pod.mirror)
    return {
      why: 'mirror-pod',
      reason: 'it stands for a static pod, which the kubelet reads from a file on its node: change that file',
    };
  const exempt = policy.exemptions.get(namespace.name);
  if (exempt !== undefined)
    return { why: 'exempt', reason: `the namespace is exempt (${exempt}), so its images are left as they are` };
  const unrewritten = images.some(({ action }) => action === 'rewrite');
  if (images.every(({ action }) => action === 'allow'))
    return images.some(({ original }) => original !== null)
      ? { why: 'rewritten', reason: 'it was rewritten when it was created, and every image is allowed' }
      : { why: 'allowed', reason: 'every image is allowed as it was written' };
  const { mode } = policy;
  if (mode === 'Audit' || mode === 'Warn')
    return { why: 'mode', reason: `the mode is ${mode}, which changes and rejects nothing` };
  if (mode === 'Rewrite' && !unrewritten)
    return { why: 'mode', reason: 'the mode is Rewrite, which warns about what no rule covers and lets it in' };

  const today = `it would be ${unrewritten ? 'rewritten' : 'rejected'} today`;
  const unseen = unseenEnforcers(snapshot);
  if (unseen !== null) return { why: 'unknown', reason: `${today}; why it was not cannot be told: ${unseen}` };
  const why = whyUntouched(pod, namespace, policy, unrewritten ? 'rewrite' : 'reject', enforcersOf(snapshot));
  return { why: why.why, reason: `${today}, and ${untouchedText(why)}${advice(why)}` };
}

function advice(why: WhyUntouched): string {
  switch (why.why) {
    case 'mode':
    case 'not-applied':
      return '';
    case 'not-installed':
    case 'left-out':
    case 'left-out-by-condition':
      return '; kubectl airgap doctor admission says how to mend that';
    case 'missed':
      return '; kubectl airgap doctor admission says whether the webhook is well now';
    case 'older-than-policy':
    case 'older-than-webhook':
    case 'policy-changed':
      return `${'since' in why ? ` (${why.since})` : ''}: delete it, and what owns it makes it anew`;
  }
}
