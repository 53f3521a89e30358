import type { Lock, LockedImage } from '../../../../plugin/supply/lock/document.ts';

export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

const mediaType = 'application/vnd.oci.image.manifest.v1+json';

/** An image for these platforms, each with a config of its own and the layers that are named. */
export function lockedImage(
  image: string,
  mirror: string | null,
  letter: string,
  platforms: Readonly<Record<string, { readonly manifest: string; readonly config: string; readonly layers: string }>>,
): LockedImage {
  return {
    image,
    digest: digest(letter),
    mediaType: 'application/vnd.oci.image.index.v1+json',
    size: 10,
    mirror,
    manifests: Object.entries(platforms).map(([platform, { manifest, config, layers }]) => ({
      platform,
      digest: digest(manifest),
      mediaType,
      size: 10,
      config: digest(config),
      layers: Array.from(layers, digest),
    })),
    artifacts: [],
    neededBy: [],
  };
}

export function lockOf(images: readonly LockedImage[], sizes: Readonly<Record<string, number>>): Lock {
  const blobs = Object.fromEntries(Object.entries(sizes).map(([letter, size]) => [digest(letter), size]));
  return { apiVersion: 'airgap.dev/v1alpha1', kind: 'ImageLock', platforms: [], images, blobs };
}
