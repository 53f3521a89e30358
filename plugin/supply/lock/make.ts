import { parseReference, type Reference } from '../../../shared/image/reference.ts';
import type { Fault } from '../../../shared/registry/fault.ts';
import { inTurns } from '../../in-turns.ts';
import type { Registries } from '../../registry/client.ts';
import type { NeededImage, Place } from '../inventory.ts';
import { placeText } from '../place.ts';
import type { Lock, LockedImage } from './document.ts';
import { resolve } from './resolve.ts';

export interface LockRequest {
  readonly needed: readonly NeededImage[];
  readonly platforms: readonly string[];
  /** Where the policy has an image pulled from; null where no rule covers it. */
  readonly mirrorOf: (image: string) => string | null;
  /** Entries of it are kept as they are for images that are still needed, unless `renew` says otherwise. */
  readonly earlier: Lock | null;
  readonly renew: (image: string) => boolean;
  readonly registries: Registries;
  readonly progress: (line: string) => void;
}

export interface LockOutcome {
  readonly lock: Lock;
  /** Images that could not be resolved; the lock holds their earlier entry, or none. */
  readonly failures: readonly { readonly image: string; readonly fault: Fault }[];
}

/** Registries throttle by connection and by account: more at once than this earns refusals, not speed. */
const parallel = 16;

/** Resolves what is needed and not locked yet, keeps what is, and drops what nobody needs any more. */
export async function makeLock(request: LockRequest): Promise<LockOutcome> {
  const { needed, platforms, earlier, registries } = request;
  // Another choice of platforms is another lock: nothing of the old entries answers it.
  const samePlatforms = earlier !== null && earlier.platforms.join() === platforms.join();
  const locked = new Map(samePlatforms ? earlier.images.map((image) => [image.image, image]) : []);
  const blobs = new Map(samePlatforms ? Object.entries(earlier.blobs) : []);
  const failures: { image: string; fault: Fault }[] = [];
  let done = 0;

  const images = await inTurns(needed, parallel, async ({ image, places }): Promise<LockedImage[]> => {
    const known = locked.get(image);
    const about = { mirror: request.mirrorOf(image), neededBy: neededBy(places) };
    if (known !== undefined && !request.renew(image)) return [{ ...known, ...about }];
    const resolved = await resolve(registries, referenceOf(image), platforms);
    request.progress(`Locked ${(done += 1)} of ${needed.length}: ${image}`);
    if (!resolved.ok) {
      failures.push({ image, fault: resolved.fault });
      return known === undefined ? [] : [{ ...known, ...about }];
    }
    const { blobs: own, digest, mediaType, size, manifests, artifacts } = resolved.value;
    for (const [blob, bytes] of own) blobs.set(blob, bytes);
    return [{ image, digest, mediaType, size, mirror: about.mirror, manifests, artifacts, neededBy: about.neededBy }];
  });
  const all = images.flat().toSorted((a, b) => (a.image < b.image ? -1 : 1));
  return {
    lock: { apiVersion: 'airgap.dev/v1alpha1', kind: 'ImageLock', platforms, images: all, blobs: sizes(all, blobs) },
    failures: failures.toSorted((a, b) => (a.image < b.image ? -1 : 1)),
  };
}

/** Every blob that an image of the lock is made of, whatever refers to it included. */
function blobsOf({ manifests, artifacts }: LockedImage): string[] {
  return [
    ...manifests.flatMap(({ config, layers }) => [config, ...layers]),
    ...artifacts.flatMap((artifact) => artifact.blobs),
  ];
}

function sizes(images: readonly LockedImage[], known: ReadonlyMap<string, number>): Record<string, number> {
  const digests = [...new Set(images.flatMap(blobsOf))].toSorted();
  return Object.fromEntries(digests.map((digest) => [digest, known.get(digest) ?? 0]));
}

function neededBy(places: readonly Place[]): string[] {
  return [...new Set(places.map(placeText))].toSorted();
}

function referenceOf(image: string): Reference {
  const parsed = parseReference(image);
  if (!parsed.ok) throw new TypeError(`an inventory holds only references: ${parsed.reason}`);
  return parsed.reference;
}
