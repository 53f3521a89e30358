import type { Lock } from '../lock/document.ts';

/** Bytes of every blob that a lock stands for, by digest: manifests, configs, layers, and what refers to the images, and files that are no image. */
export function lockedBlobs({ images, blobs, files = [] }: Lock): Map<string, number> {
  const all = new Map(Object.entries(blobs));
  for (const { digest, size, manifests, artifacts } of images)
    for (const manifest of [{ digest, size }, ...manifests, ...artifacts]) all.set(manifest.digest, manifest.size);
  for (const { digest, size } of files) all.set(digest, size);
  return all;
}
