import { normalize, parseReference, type Reference } from '../../../shared/image/reference.ts';
import type { Node } from '../../../shared/kube/node.ts';
import type { Pod } from '../../../shared/kube/pod.ts';

/** An image that pods take from a registry, and how they would ask for it. */
export interface WantedImage {
  readonly reference: Reference;
  readonly image: string;
  readonly failing: boolean;
  /** Where its pull secrets lie; empty for an image that runs, for which the user's own login is used. */
  readonly namespace: string;
  readonly pullSecrets: readonly string[];
  /** `linux/amd64` of the nodes that need it, sorted. */
  readonly platforms: readonly string[];
}

/** Reasons of a container that waits for its image, of every kubelet since 1.20. */
const waiting = /^(?:ErrImage|ImagePull|ImageInspect|RegistryUnavailable|SignatureValidation|InvalidImage)/;

/**
 * The images of all pods, once each; those that some pod waits for once per namespace and set of pull secrets, because
 * the answer depends on who asks. Failing ones first, then by name.
 */
export function wantedImages(pods: readonly Pod[], nodes: readonly Node[]): WantedImage[] {
  const platformOf = new Map(
    nodes
      .filter(({ architecture }) => architecture !== '')
      .map((node) => [node.meta.name, `${node.os || 'linux'}/${node.architecture}`]),
  );
  const everywhere = new Set(platformOf.values());
  const found = new Map<string, WantedImage & { readonly platforms: string[] }>();
  for (const pod of pods) {
    const own = platformOf.get(pod.nodeName);
    for (const { written, failing } of imagesOf(pod)) {
      const parsed = parseReference(written);
      if (!parsed.ok) continue;
      const image = normalize(parsed.reference);
      const namespace = failing ? pod.meta.namespace : '';
      const pullSecrets = failing ? pod.pullSecrets : [];
      const key = JSON.stringify([image, namespace, pullSecrets]);
      const known = found.get(key) ?? {
        reference: parsed.reference,
        image,
        failing,
        namespace,
        pullSecrets,
        platforms: [],
      };
      for (const platform of own === undefined ? everywhere : [own])
        if (!known.platforms.includes(platform)) known.platforms.push(platform);
      found.set(key, known);
    }
  }
  const failingImages = new Set([...found.values()].filter(({ failing }) => failing).map(({ image }) => image));
  return [...found.values()]
    .filter(({ failing, image }) => failing || !failingImages.has(image))
    .map((wanted) => ({ ...wanted, platforms: wanted.platforms.toSorted() }))
    .sort((a, b) => Number(b.failing) - Number(a.failing) || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function imagesOf(pod: Pod): { written: string; failing: boolean }[] {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return [];
  const reasons = new Map(
    pod.statuses.map(({ scope, name, waiting: state }) => [`${scope}/${name}`, state?.reason ?? '']),
  );
  return [
    ...pod.containers.map(({ scope, name, image }) => ({
      written: image,
      failing: waiting.test(reasons.get(`${scope}/${name}`) ?? ''),
    })),
    // Nothing in a pod's status says whether an image volume is there, so a pod that has not started counts as waiting.
    ...pod.imageVolumes.map(({ reference }) => ({ written: reference, failing: pod.phase === 'Pending' })),
  ].filter(({ written }) => written !== '');
}

function keyOf({ image, namespace, pullSecrets }: WantedImage): string {
  return [image, namespace, ...pullSecrets].join('\u0000');
}
