import { record, textMap, type Json } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import type { CompiledPolicy, Mode } from '../../shared/policy/compile.ts';
import { decide, type Decision } from '../../shared/policy/decide.ts';
import { policyFor, type Namespace } from '../../shared/policy/namespace.ts';
import { readOriginals } from '../../shared/policy/patch.ts';
import { imagesOf, placementOf } from '../../shared/policy/positions.ts';
import { printPath } from '../../shared/policy/problem.ts';

export interface ExplainedImage extends Omit<Decision, 'normalized'> {
  /** `spec.containers[0].image` */
  readonly field: string;
  /** What the pod asked for before it was rewritten, as its annotation says; null where it says nothing. */
  readonly original: string | null;
}

/** Why the images of a pod are as they are; the JSON output as it is. */
export interface PodExplanation {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'PodExplanation';
  readonly namespace: string;
  readonly name: string;
  readonly policy: string | null;
  readonly mode: Mode | null;
  /** One sentence about the pod as a whole. */
  readonly reason: string;
  readonly images: readonly ExplainedImage[];
}

export function explainPod(pod: Json, namespace: Namespace, policies: readonly CompiledPolicy[]): PodExplanation {
  const meta = readMeta(pod);
  const policy = policyFor(policies, namespace);
  const annotations = textMap(record(pod['metadata'])['annotations']);
  const originals = readOriginals(annotations['airgap.dev/original-images']);
  const placement = placementOf('', 'Pod');
  const positions = placement === null || policy === null ? [] : imagesOf(pod, placement);
  const images = positions.map(({ path, owner, image }): ExplainedImage => {
    const { normalized: _, ...decision } = decide(policy as CompiledPolicy, image);
    return { field: printPath(path), original: originals[owner] ?? null, ...decision };
  });
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'PodExplanation',
    namespace: meta.namespace,
    name: meta.name,
    policy: policy?.name ?? null,
    mode: policy?.mode ?? null,
    reason: whyAsItIs(policy, namespace, images, {
      mirror: 'kubernetes.io/config.mirror' in annotations,
      created: meta.creationTimestamp ?? '',
    }),
    images,
  };
}

function whyAsItIs(
  policy: CompiledPolicy | null,
  { name }: Namespace,
  images: readonly ExplainedImage[],
  pod: { readonly mirror: boolean; readonly created: string },
): string {
  if (policy === null) return `no policy selects the namespace ${name}, so its images are left as they are`;
  if (pod.mirror)
    return 'it stands for a static pod, which the kubelet reads from a file on its node: change that file';
  const exempt = policy.exemptions.get(name);
  if (exempt !== undefined) return `the namespace is exempt (${exempt}), so its images are left as they are`;
  const unrewritten = images.filter(({ action }) => action === 'rewrite').length;
  const uncovered = images.filter(({ action }) => action === 'reject' || action === 'invalid').length;
  if (unrewritten + uncovered === 0)
    return images.some(({ original }) => original !== null)
      ? 'it was rewritten when it was created, and every image is allowed'
      : 'every image is allowed as it was written';
  const what = unrewritten > 0 ? 'would be rewritten today' : 'would be rejected today';
  if (policy.mode === 'Audit' || policy.mode === 'Warn')
    return `the mode is ${policy.mode}, which changes and rejects nothing`;
  if (policy.mode === 'Rewrite' && unrewritten === 0)
    return 'the mode is Rewrite, which warns about what no rule covers and lets it in';
  if (policy.createdAt !== '' && pod.created !== '' && pod.created < policy.createdAt)
    return `it is older than the policy and ${what}: delete it, and what owns it makes it anew`;
  return `it ${what}, so the webhook did not see it, or the policy was another one then: kubectl airgap doctor admission says whether the webhook is well`;
}
