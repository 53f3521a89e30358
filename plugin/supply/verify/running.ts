import { imageUsers } from '../../registry/probe/image-users.ts';
import type { Pod } from '../../../shared/kube/pod.ts';

/** An image as a node runs it. */
export interface RunningImage {
  /** The pod's own name for it, normalised. */
  readonly image: string;
  /** What the runtime says it is; null while it has not been pulled, and where the runtime names no digest. */
  readonly digest: string | null;
  /** `NAMESPACE/POD CONTAINER`, sorted. */
  readonly places: readonly string[];
}

/**
 * The images of pods with the digests that the runtime reports, each pair once. Only the digest of an imageID counts:
 * the name before it may be another repository's that holds the same content.
 */
export function runningImages(pods: readonly Pod[]): RunningImage[] {
  const found = new Map<string, { image: string; digest: string | null; places: Set<string> }>();
  for (const { pod, scope, container, image } of imageUsers(pods)) {
    // The kubelet reports no imageID for an image volume.
    if (scope === 'volume') continue;
    const status = pod.statuses.find((one) => one.scope === scope && one.name === container);
    const digest = /\bsha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.exec(status?.imageID ?? '')?.[0] ?? null;
    const key = `${image}\u0000${digest ?? ''}`;
    const known = found.get(key) ?? { image, digest, places: new Set<string>() };
    known.places.add(`${pod.meta.namespace}/${pod.meta.name} ${container}`);
    found.set(key, known);
  }
  return [...found.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { image, digest, places }]) => ({ image, digest, places: [...places].toSorted() }));
}
