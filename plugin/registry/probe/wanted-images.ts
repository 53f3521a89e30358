import type { Reference } from '../../../shared/image/reference.ts';
import type { Node } from '../../../shared/kube/node.ts';
import type { Pod } from '../../../shared/kube/pod.ts';
import { imageUsers } from './image-users.ts';

/** An image that pods take from a registry, and how they would ask for it. */
export interface WantedImage {
  readonly reference: Reference;
  /** The reference normalised. */
  readonly image: string;
  readonly failing: boolean;
  /** Where its pull secrets lie; empty for an image that runs, for which the user's own login is used. */
  readonly namespace: string;
  readonly pullSecrets: readonly string[];
  /** `linux/amd64` of the nodes that need it, sorted. */
  readonly platforms: readonly string[];
}

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
  const found = new Map<string, { wanted: Omit<WantedImage, 'platforms'>; platforms: Set<string> }>();
  for (const { pod, reference, image, waits: failing } of imageUsers(pods)) {
    const namespace = failing ? pod.meta.namespace : '';
    const pullSecrets = failing ? pod.pullSecrets : [];
    const key = JSON.stringify([image, namespace, pullSecrets]);
    const known = found.get(key) ?? {
      wanted: { reference, image, failing, namespace, pullSecrets },
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

function keyOf({ image, namespace, pullSecrets }: WantedImage): string {
  return [image, namespace, ...pullSecrets].join('\u0000');
}
