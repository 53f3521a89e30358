import type { Lock, LockedFile, LockedImage } from './document.ts';

/** How one image or file of a lock differs from another lock's. */
export type LockChange =
  | { readonly image: string; readonly change: 'added' | 'removed' }
  | { readonly image: string; readonly change: 'moved'; readonly from: string; readonly to: string }
  | { readonly image: string; readonly change: 'content' | 'mirror' };

/**
 * What became different from `before` to `after`, by image. `moved`: the tag names another digest; `content`: the same
 * digest with other platforms or other signatures; `mirror`: the policy has it pulled from elsewhere. Who needs an image
 * is not part of what is locked.
 */
export function lockChanges(before: Lock | null, after: Lock): LockChange[] {
  const earlier = new Map((before?.images ?? []).map((image) => [image.image, image]));
  const later = new Map(after.images.map((image) => [image.image, image]));
  const names = [...new Set([...earlier.keys(), ...later.keys()])].toSorted();
  return [
    ...names.flatMap((image) => changeOf(image, earlier.get(image), later.get(image)) ?? []),
    ...fileChanges(before?.files ?? [], after.files ?? []),
  ];
}

function changeOf(
  image: string,
  before: LockedImage | undefined,
  after: LockedImage | undefined,
): LockChange | undefined {
  if (before === undefined) return { image, change: 'added' };
  if (after === undefined) return { image, change: 'removed' };
  if (before.digest !== after.digest) return { image, change: 'moved', from: before.digest, to: after.digest };
  if (contentOf(before) !== contentOf(after)) return { image, change: 'content' };
  return before.mirror === after.mirror ? undefined : { image, change: 'mirror' };
}

/** Files by their path, with the changes that images have. */
function fileChanges(before: readonly LockedFile[], after: readonly LockedFile[]): LockChange[] {
  const earlier = new Map(before.map((file) => [file.source, file.digest]));
  const later = new Map(after.map((file) => [file.source, file.digest]));
  return [...new Set([...earlier.keys(), ...later.keys()])].toSorted().flatMap((image): LockChange[] => {
    const [from, to] = [earlier.get(image), later.get(image)];
    if (from === undefined) return [{ image, change: 'added' }];
    if (to === undefined) return [{ image, change: 'removed' }];
    return from === to ? [] : [{ image, change: 'moved', from, to }];
  });
}

function contentOf({ manifests, artifacts }: LockedImage): string {
  return JSON.stringify([manifests, artifacts]);
}
