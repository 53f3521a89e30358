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
    warnings.push(`the policy pulls by the name that they have, so nothing is done for: ${someOf(there)}`);
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

/** The first of some names, and how many more there are. */
export function someOf([first, ...others]: readonly string[]): string {
  return others.length === 0 ? `${first}` : `${first} and ${others.length} more`;
}

function parsed(image: string): Reference {
  const result = parseReference(image);
  if (!result.ok) throw new TypeError(`a lock holds only references: ${result.reason}`);
  return result.reference;
}
