import type { Lock, LockedArtifact } from '../../../../plugin/supply/lock/document.ts';
import { digest, lockOf } from './lock.ts';

const mirror = 'mirror.internal:5000';

/** Image, its place in the mirror, and the letter of its digest: one of everything that a lock can hold. */
const places: readonly (readonly [string, string | null, string])[] = [
  // Two tags of one digest.
  ['docker.io/library/nginx:1.27', `${mirror}/hub/library/nginx:1.27`, 'a'],
  ['docker.io/library/nginx:stable', `${mirror}/hub/library/nginx:stable`, 'a'],
  // A tag and a digest, a digest alone, and one repository's name in two registries.
  [`quay.io/acme/app:1@${digest('b')}`, `${mirror}/quay/acme/app:1@${digest('b')}`, 'b'],
  [`quay.io/acme/db@${digest('c')}`, `${mirror}/quay/acme/db@${digest('c')}`, 'c'],
  ['ghcr.io/acme/app:1', `${mirror}/ghcr/acme/app:1`, 'd'],
  // A port, a second mirror, and an address as the host.
  ['registry.example:5000/tools/cli:2', 'second.internal/tools/cli:2', 'e'],
  ['[fd00::1]:5000/six/app:1', `${mirror}/six/app:1`, 'f'],
  // No place, and a place that it has already.
  ['gcr.io/none/none:1', null, '1'],
  [`${mirror}/own/tool:1`, `${mirror}/own/tool:1`, '2'],
];

const artifact = (tag: string | null): LockedArtifact => ({
  subject: digest('b'),
  tag,
  artifactType: null,
  digest: digest('9'),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 1,
  blobs: [],
});
const artifacts = [`sha256-${'b'.repeat(64)}.sig`, `sha256-${'b'.repeat(64)}.att`, null].map(artifact);

const plain = lockOf(Object.fromEntries(places.map(([image, target]) => [image, target])), [
  'linux/amd64',
  'linux/arm/v7',
]);

export const everything: Lock = {
  ...plain,
  images: plain.images.map((image) => {
    const letter = places.find(([name]) => name === image.image)?.[2] ?? '';
    return { ...image, digest: digest(letter), artifacts: letter === 'b' ? artifacts : [] };
  }),
};
