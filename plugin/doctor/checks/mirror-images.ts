import type { ImageProbe, ProbeStep } from '../../../shared/registry/probe.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { imageUsers, type ImageUser } from '../../registry/probe/image-users.ts';
import type { Check, Unseen } from '../check.ts';
import type { Finding, ObjectRef, Severity } from '../finding.ts';
import { findingOf } from '../probes/finding-of-step.ts';

const looksAt = ['registry-probes', 'pods'] as const;

/** Registries that did not answer far enough to be asked for images: nothing about their images is known. */
export function unreached(snapshot: Snapshot): Unseen | null {
  const silent = snapshot['registry-probes'].items.filter(broken).map(({ host }) => host);
  if (silent.length === 0) return null;
  return { reason: `no image could be asked for at ${silent.join(', ')}: see AG-MIR-001`, decisive: true };
}

function broken({ steps }: { readonly steps: readonly ProbeStep[] }): boolean {
  return steps.some(({ ok, step }) => !ok && step !== 'login');
}

/** Findings for the broken rungs of images, one for each kind of place that needs the image. */
function judgeImages(
  snapshot: Snapshot,
  wanted: (image: ImageProbe, step: ProbeStep) => boolean,
  severity?: Severity,
): Finding[] {
  const users = Map.groupBy(imageUsers(snapshot.pods.items), ({ image }) => image);
  return snapshot['registry-probes'].items.flatMap(({ host, images }) =>
    images.flatMap((image) => {
      const step = image.steps.find(({ ok }) => !ok);
      if (step === undefined || step.fault === 'host-not-named' || !wanted(image, step)) return [];
      const concerned = (users.get(image.original ?? image.image) ?? []).filter((user) => concerns(image, user));
      return [...Map.groupBy(concerned, ({ scope }) => scope)].map(([scope, places]) =>
        findingOf(step, {
          registry: host,
          image,
          scope,
          ...(severity === undefined ? {} : { severity }),
          objects: places.map(objectOf),
        }),
      );
    }),
  );
}

/** What one pod's login was told says nothing of a pod that brings another. */
function concerns({ namespace, pullSecrets }: ImageProbe, { pod, waits }: ImageUser): boolean {
  return namespace === '' || (waits && namespace === pod.meta.namespace && sameNames(pullSecrets, pod.pullSecrets));
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}

function objectOf({ pod, container }: ImageUser): ObjectRef {
  const { namespace, name } = pod.meta;
  return {
    kind: 'Pod',
    namespace,
    name,
    ...(container === undefined ? {} : { container }),
    ...(pod.nodeName === '' ? {} : { node: pod.nodeName }),
  };
}

export const waitingImages: Check = {
  id: 'AG-IMG-010',
  category: 'pulls',
  title: 'the registries hold what waiting pods ask for',
  explanation:
    'For each image that a pod waits for at a registry that was named, the registry is asked from this machine as the node would: with the pod’s own pull secret, for the manifest, for the platform of the node, and for the first bytes of the config and of every layer. This finds the cause also where the kubelet no longer tells it, and tells a login that lacks the right from an image that is not there. It is seen from here, not from the node.',
  needs: looksAt,
  wants: ['nodes'],
  unseen: unreached,
  run: (snapshot) => judgeImages(snapshot, (image, { step }) => image.failing && step !== 'platforms'),
};

export const runningImages: Check = {
  id: 'AG-IMG-005',
  category: 'mirror',
  title: 'the images that run could be pulled again',
  explanation:
    'A pod that runs needs its image again when it is moved to another node, or when the node has cleaned up. The registries that were named are asked from this machine for the manifest of every image that pods take from them. What is missing hurts at the next drain, not now, so it is a warning.',
  needs: looksAt,
  unseen: unreached,
  run: (snapshot) => judgeImages(snapshot, (image, { step }) => !image.failing && step !== 'platforms', 'warning'),
};

export const platformsCovered: Check = {
  id: 'AG-IMG-007',
  category: 'mirror',
  title: 'every image has the platforms of the nodes that need it',
  explanation:
    'An image that was mirrored for one architecture runs nowhere else, and an index may list platforms of which only some were copied. The platforms behind each reference are compared with the operating system and architecture of the nodes whose pods need it; pods without a node count for all nodes.',
  needs: [...looksAt, 'nodes'],
  unseen: unreached,
  run: (snapshot) => judgeImages(snapshot, (_, { step }) => step === 'platforms'),
};
