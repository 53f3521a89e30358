import { normalize, parseReference, type Reference } from '../../../shared/image/reference.ts';
import type { Node } from '../../../shared/kube/node.ts';
import type { Pod } from '../../../shared/kube/pod.ts';
import { imageUsers, type ImageUser } from './image-users.ts';

/** An image that pods take from a registry, and how they would ask for it. */
export interface WantedImage {
  readonly reference: Reference;
  /** The reference normalised. */
  readonly image: string;
  /** What the pods name, where a policy has this image in its place. */
  readonly original: string | null;
  readonly failing: boolean;
  /** Where its pull secrets lie; empty for an image that runs, for which the user's own login is used. */
  readonly namespace: string;
  readonly pullSecrets: readonly string[];
  /** `linux/amd64` of the nodes that need it, sorted. */
  readonly platforms: readonly string[];
}

/**
 * The images of all pods, once each; those that some pod waits for once per namespace and set of pull secrets, because
 * the answer depends on who asks. Failing ones first, then by name. `mirrored` says what a policy has in an image's
 * place: the mirror is asked for it too, whether or not anything rewrites the pods.
 */
export function wantedImages(
  pods: readonly Pod[],
  nodes: readonly Node[],
  mirrored: (image: string, namespace: string) => string | null = () => null,
): WantedImage[] {
  const platformOf = new Map(
    nodes
      .filter(({ architecture }) => architecture !== '')
      .map((node) => [node.meta.name, `${node.os || 'linux'}/${node.architecture}`]),
  );
  const everywhere = new Set(platformOf.values());
  const found = new Map<string, { wanted: Omit<WantedImage, 'platforms'>; platforms: Set<string> }>();
  for (const user of imageUsers(pods).flatMap((user): (ImageUser & { original?: string })[] => [
    user,
    ...inMirror(user, mirrored),
  ])) {
    const { pod, reference, image, original = null, waits: failing } = user;
    const namespace = failing ? pod.meta.namespace : '';
    const pullSecrets = failing ? pod.pullSecrets : [];
    const key = JSON.stringify([image, original, namespace, pullSecrets]);
    const known = found.get(key) ?? {
      wanted: { reference, image, original, failing, namespace, pullSecrets },
      platforms: new Set<string>(),
    };
    const own = platformOf.get(pod.nodeName);
    for (const platform of own === undefined ? everywhere : [own]) known.platforms.add(platform);
    found.set(key, known);
  }
  const all = [...found.values()].map(({ wanted, platforms }) => ({ ...wanted, platforms: [...platforms].toSorted() }));
  const failing = new Set(all.filter((wanted) => wanted.failing).map(({ image }) => image));
  return all
    .filter((wanted) => wanted.failing || !failing.has(wanted.image))
    .sort((a, b) => Number(b.failing) - Number(a.failing) || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function inMirror(
  user: ImageUser,
  mirrored: (image: string, namespace: string) => string | null,
): (ImageUser & { original: string })[] {
  const parsed = parseReference(mirrored(user.reference.written, user.pod.meta.namespace) ?? '');
  if (!parsed.ok) return [];
  return [{ ...user, reference: parsed.reference, image: normalize(parsed.reference), original: user.image }];
}

function keyOf({ image, original, namespace, pullSecrets }: WantedImage): string {
  return [image, original ?? '', namespace, ...pullSecrets].join('\u0000');
}
