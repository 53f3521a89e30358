import type { Lock, LockedImage } from '../../../../plugin/supply/lock/document.ts';

export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

function image(name: string, mirror: string | null, letter = 'a'): LockedImage {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return {
    image: name,
    digest: digest(letter),
    mediaType,
    size: 1,
    mirror,
    manifests: [
      {
        platform: 'linux/amd64',
        digest: digest(letter),
        mediaType,
        size: 1,
        config: digest('b'),
        layers: [digest('c')],
      },
    ],
    artifacts: [],
    neededBy: [],
  };
}

/** A lock of these images and mirrors. */
export function lockOf(mirrors: Readonly<Record<string, string | null>>, platforms: readonly string[] = []): Lock {
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'ImageLock',
    platforms,
    images: Object.entries(mirrors).map(([name, mirror]) => image(name, mirror)),
    blobs: { [digest('b')]: 1, [digest('c')]: 1 },
  };
}
