import { AirgapError } from '../../../shared/errors.ts';
import { parseReference, type Reference } from '../../../shared/image/reference.ts';
import type { Repository } from '../../registry/line.ts';
import { tagOf } from '../exports/pair.ts';
import { platformWanted } from '../lock/platform.ts';
import type { Lock, LockedImage } from '../lock/document.ts';
import type { End } from './end.ts';
import { partsOf, type Part } from './parts.ts';

/** One image of the lock on its way. */
export interface Copy {
  readonly locked: LockedImage;
  readonly parts: readonly Part[];
  /** The image's own repository; where it comes from a folder, only its name. */
  readonly source: Repository;
  /** The mirror's repository; where it goes to a folder, the source's name. */
  readonly target: Repository;
  /** The tag that it gets in the mirror; null into a folder, where everything is found by its digest. */
  readonly tag: string | null;
  /** What tags must name in the mirror: the image's own, and those by which cosign finds signatures. */
  readonly tags: readonly { readonly tag: string; readonly digest: string }[];
}

export interface LeftOut {
  readonly image: string;
  readonly why: string;
  /** Whether somebody will miss it: it has a place in the mirror that it cannot get. */
  readonly missed: boolean;
}

/**
 * What has to be copied for a lock, and what cannot be: an image without a mirror name has no place in a registry. Only
 * the parts of `platforms` are taken, of all that are locked where it is empty.
 */
export function copiesOf(
  lock: Lock,
  to: End,
  platforms: readonly string[] = [],
): { readonly copies: readonly Copy[]; readonly leftOut: readonly LeftOut[] } {
  const copies: Copy[] = [];
  const leftOut: LeftOut[] = [];
  for (const whole of lock.images) {
    const manifests = whole.manifests.filter(({ platform }) => platformWanted(platform, platforms));
    const subjects = new Set([whole.digest, ...manifests.map(({ digest }) => digest)]);
    const artifacts = whole.artifacts.filter(({ subject }) => subjects.has(subject));
    const locked = { ...whole, manifests, artifacts };
    const source = parsed(whole.image);
    const target = to.kind === 'folder' ? source : whole.mirror === null ? null : parsed(whole.mirror);
    if (manifests.length === 0)
      leftOut.push({ image: whole.image, why: `it is not locked for ${platforms.join(', ')}`, missed: false });
    else if (target === null)
      leftOut.push({ image: whole.image, why: 'no policy says where it is mirrored', missed: false });
    else if (to.kind === 'registry' && place(source) === place(target))
      leftOut.push({ image: whole.image, why: 'the policy has it pulled from where it is', missed: false });
    else
      copies.push({
        locked,
        parts: partsOf(locked, lock.blobs),
        source: repository(source),
        target: repository(target),
        ...tagsOf(locked, to.kind === 'folder' ? null : target),
      });
  }
  const collided = to.kind === 'registry' ? collisions(copies) : new Map<Copy, string>();
  for (const [{ locked }, why] of collided) leftOut.push({ image: locked.image, why, missed: true });
  if (copies.length === 0 && lock.images.length > 0)
    throw new AirgapError(
      'input',
      `No image of the lock has anywhere to go: ${leftOut[0]?.why ?? ''}.`,
      to.kind === 'registry'
        ? 'Lock with a policy that says where images are mirrored: kubectl airgap lock --policy policy.yaml'
        : 'kubectl airgap lock --platform adds a platform.',
    );
  return { copies: copies.filter((copy) => !collided.has(copy)), leftOut };
}

/** Different images with one place in the mirror: whichever came last would be there, so none of them is copied. */
function collisions(copies: readonly Copy[]): Map<Copy, string> {
  const places = Map.groupBy(copies, ({ target, tag }) => `${target.host}/${target.path}:${tag ?? ''}`);
  const found = new Map<Copy, string>();
  for (const [place, images] of places)
    if (new Set(images.map(({ locked }) => locked.digest)).size > 1)
      for (const copy of images) found.set(copy, `different images have the place ${place} in the mirror`);
  return found;
}

function tagsOf(locked: LockedImage, target: Reference | null): Pick<Copy, 'tag' | 'tags'> {
  if (target === null) return { tag: null, tags: [] };
  const tag = tagOf({ source: target, locked });
  const artifacts = locked.artifacts.flatMap((one) => (one.tag === null ? [] : [{ tag: one.tag, digest: one.digest }]));
  return { tag, tags: [{ tag, digest: locked.digest }, ...artifacts] };
}

function repository({ host, path }: Reference): Repository {
  return { host, path };
}

function place({ host, path }: Reference): string {
  return `${host}/${path}`;
}

function parsed(image: string): Reference {
  const result = parseReference(image);
  if (!result.ok) throw new TypeError(`a lock holds only references: ${result.reason}`);
  return result.reference;
}
