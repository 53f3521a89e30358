import { mirrorPod } from '../kube/annotation.ts';
import { record } from '../kube/json.ts';
import type { CompiledPolicy } from './compile.ts';
import { decide, type Decision } from './decide.ts';
import { effectOf, type Effect, type Phase } from './effect.ts';
import type { Namespace } from './namespace.ts';
import { annotate, appendPullSecrets, pointer, type PatchOperation } from './patch.ts';
import { imagesOf, placementOf, type ImagePosition, type Placement } from './positions.ts';
import { exemptWarning, rejectionOf, warningOf } from './wording.ts';

/** What is about to happen to an object, as an admission request says it. Objects are raw JSON of any shape. */
export interface Change {
  readonly group: string;
  readonly kind: string;
  /** Empty, or as in `ephemeralcontainers`. */
  readonly subResource: string;
  readonly operation: string;
  readonly namespace: Namespace;
  readonly object: unknown;
  readonly oldObject: unknown;
}

export interface JudgedImage {
  readonly position: ImagePosition;
  readonly decision: Decision;
  readonly effect: Effect;
}

/** Why nothing was judged. */
export type Passed = 'operation' | 'subresource' | 'no-images' | 'mirror-pod' | 'no-policy';

export interface Judgement {
  readonly passed: Passed | null;
  /** Why the namespace is exempt; null where it is not. */
  readonly exempt: string | null;
  readonly images: readonly JudgedImage[];
  readonly patch: readonly PatchOperation[];
  readonly warnings: readonly string[];
  /** What the user reads where the object is turned away; null where it is not. */
  readonly rejection: string | null;
}

const nothing = { exempt: null, images: [], patch: [], warnings: [], rejection: null } as const;

/** Judges a change by the policy of its namespace (null where there is none). Total: any JSON gives a judgement. */
export function judge(policy: CompiledPolicy | null, change: Change, phase: Phase): Judgement {
  const placement = placementOf(change.group, change.kind, policy?.customResources);
  const passed = whyPassed(policy, change, placement);
  if (passed !== null || policy === null || placement === null) return { ...nothing, passed: passed ?? 'no-images' };

  const { holds } = placement;
  const images = changedImages(change, placement).map((position): JudgedImage => {
    const decision = decide(policy, position.image);
    return { position, decision, effect: effectOf(policy.mode, phase, holds, decision.action) };
  });
  const exempt = policy.exemptions.get(change.namespace.name) ?? null;
  if (exempt !== null) return exempted(policy, change.namespace.name, exempt, images);
  return {
    passed: null,
    exempt: null,
    images,
    patch: phase === 'mutate' && holds === 'pod' ? patchOf(policy, change, images) : [],
    warnings: images.flatMap((image) => warningOf(policy, image, phase) ?? []),
    rejection: rejectionOf(policy, change.kind, images),
  };
}

function whyPassed(policy: CompiledPolicy | null, change: Change, placement: Placement | null): Passed | null {
  if (change.operation !== 'CREATE' && change.operation !== 'UPDATE') return 'operation';
  if (placement === null) return 'no-images';
  const ephemeral = placement.holds === 'pod' && change.subResource === 'ephemeralcontainers';
  if (change.subResource !== '' && !ephemeral) return 'subresource';
  if (policy === null) return 'no-policy';
  if (placement.holds === 'pod' && isMirrorPod(change.object)) return 'mirror-pod';
  return null;
}

function isMirrorPod(pod: unknown): boolean {
  const annotations = record(record(record(pod)['metadata'])['annotations']);
  return Object.hasOwn(annotations, mirrorPod) && typeof annotations[mirrorPod] === 'string';
}

/** On an update, the images that the old object did not have in the same place. */
function changedImages(change: Change, placement: Placement): ImagePosition[] {
  const images = imagesOf(change.object, placement);
  if (change.operation !== 'UPDATE') return images;
  const key = ({ owner, image }: ImagePosition): string => `${owner} ${image}`;
  const before = new Set(imagesOf(change.oldObject, placement).map(key));
  return images.filter((position) => !before.has(key(position)));
}

function patchOf(policy: CompiledPolicy, change: Change, images: readonly JudgedImage[]): PatchOperation[] {
  const rewritten = images.filter(({ effect }) => effect === 'rewrite');
  const replaced = rewritten.map(({ position, decision }): PatchOperation => ({
    op: 'replace',
    path: pointer(position.path),
    value: decision.result,
  }));
  // The API server takes nothing but the containers from this subresource.
  const marks =
    change.subResource === ''
      ? annotate(
          change.object,
          rewritten.map(({ position }) => position),
        )
      : [];
  return [...replaced, ...marks, ...secretsOf(policy, change, images)];
}

/** Pull secrets of a pod cannot change later, and only pods that pull from a mirror need them. */
function secretsOf(policy: CompiledPolicy, change: Change, images: readonly JudgedImage[]): PatchOperation[] {
  const rewrites = policy.mode === 'Rewrite' || policy.mode === 'Enforce';
  const fromMirror = images.some(({ decision: { action } }) => action === 'rewrite' || action === 'allow');
  return rewrites && fromMirror && change.operation === 'CREATE' ? appendPullSecrets(change.object, policy) : [];
}

function exempted(
  policy: CompiledPolicy,
  namespace: string,
  reason: string,
  images: readonly JudgedImage[],
): Judgement {
  return {
    ...nothing,
    passed: null,
    exempt: reason,
    images: images.map((image) => ({ ...image, effect: 'pass' })),
    warnings: images.flatMap((image) => exemptWarning(policy, namespace, reason, image) ?? []),
  };
}
