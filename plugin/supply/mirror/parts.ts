import type { Lock, LockedImage } from '../lock/document.ts';

/** Something with a digest that must arrive: a manifest, or the bytes that manifests are about. */
export interface Part {
  readonly digest: string;
  readonly size: number;
  readonly kind: 'manifest' | 'blob';
  /** The platform it is for; `null` for what is for none, `undefined` for what refers to the image, such as a signature. */
  readonly platform: string | null | undefined;
}

/**
 * All that one locked image is made of, each digest once, in the order in which a registry accepts it: blobs before their
 * manifest, the platforms' manifests before the index, and what refers to the image last.
 */
export function partsOf(locked: LockedImage, sizes: Lock['blobs']): Part[] {
  const blob = (platform: Part['platform']) => (digest: string) =>
    ({ digest, size: sizes[digest] ?? 0, kind: 'blob', platform }) as const;
  const parts: Part[] = [
    ...locked.manifests.flatMap(({ platform, digest, size, config, layers }): Part[] => [
      ...[config, ...layers].map(blob(platform)),
      { digest, size, kind: 'manifest', platform },
    ]),
    { digest: locked.digest, size: locked.size, kind: 'manifest', platform: null },
    ...locked.artifacts.flatMap(({ digest, size, blobs }): Part[] => [
      ...blobs.map(blob(undefined)),
      { digest, size, kind: 'manifest', platform: undefined },
    ]),
  ];
  const seen = new Set<string>();
  return parts.filter(({ digest }) => !seen.has(digest) && seen.add(digest) !== undefined);
}
