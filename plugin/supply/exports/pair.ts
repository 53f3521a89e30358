import { parseReference, repositoryOf, type Reference } from '../../../shared/image/reference.ts';
import type { Lock, LockedImage } from '../lock/document.ts';

/** An image and its place in the mirror, both parsed. */
export interface Pair {
  readonly locked: LockedImage;
  readonly source: Reference;
  /** Without tag and digest. */
  readonly sourceRepository: string;
  readonly target: Reference;
  readonly targetRepository: string;
}

/**
 * The images that have a place in the mirror; a warning for each that has none, for those that are there already, and
 * for each place that two different images are to have.
 */
export function pairsOf({ images }: Lock): { readonly pairs: readonly Pair[]; readonly warnings: readonly string[] } {
  const pairs: Pair[] = [];
  const warnings: string[] = [];
  const there: string[] = [];
  for (const locked of images) {
    const source = parsed(locked.image);
    if (locked.mirror === null) {
      warnings.push(`${locked.image} is left out: no policy says where it is mirrored`);
      continue;
    }
    const target = parsed(locked.mirror);
    // An image that the policy allows as it is has nowhere to be copied to.
    if (repositoryOf(source) === repositoryOf(target)) {
      there.push(locked.image);
      continue;
    }
    pairs.push({
      locked,
      source,
      sourceRepository: repositoryOf(source),
      target,
      targetRepository: repositoryOf(target),
    });
  }
  if (there.length > 0)
    warnings.push(
      `${there.length} images are left out, such as ${there[0]}: the policy pulls them by the name they have`,
    );
  return { pairs, warnings: [...warnings, ...collisions(pairs)] };
}

function collisions(pairs: readonly Pair[]): string[] {
  const places = Map.groupBy(pairs, (pair) => `${pair.targetRepository}:${tagOf(pair)}`);
  return [...places].flatMap(([place, [first, ...others]]) =>
    others
      .filter(({ locked }) => locked.digest !== first?.locked.digest)
      .map(
        ({ locked }) =>
          `${first?.locked.image} and ${locked.image} are different and both have the place ${place} in the mirror, where only one can be: give them different targets in the policy`,
      ),
  );
}

/**
 * The tag to give the copy: the image's own, or one made of its digest, because registries clear away what has none. It
 * does not begin with `sha256-`: under that tag registries without a referrers list keep one.
 */
export function tagOf({ source, locked }: { source: Reference; locked: Pick<LockedImage, 'digest'> }): string {
  return source.tag ?? (source.digest === null ? 'latest' : `digest-${locked.digest.split(':')[1]?.slice(0, 64)}`);
}

/** For a tool that copies images and cosign's tags alone. */
export function withoutReferrers(tool: string, pairs: readonly Pair[]): string[] {
  const referred = pairs.filter(({ locked }) => locked.artifacts.some(({ tag }) => tag === null));
  if (referred.length === 0) return [];
  return [
    `${tool} does not copy OCI referrers: ${referred.length} images have some, such as ${referred[0]?.locked.image}`,
  ];
}

function parsed(image: string): Reference {
  const result = parseReference(image);
  if (!result.ok) throw new TypeError(`a lock holds only references: ${result.reason}`);
  return result.reference;
}
