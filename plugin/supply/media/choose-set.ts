import { AirgapError } from '../../../shared/errors.ts';
import type { Volume, VolumeFault } from './open-volume.ts';

/** The set that is loaded: the one that was begun, or else the only one that is there. */
export function chooseSet(volumes: readonly Volume[], begun: string | null, folder: string): string | null {
  const sets = [...new Set(volumes.map(({ manifest }) => manifest.set))];
  if (begun !== null && (sets.length === 0 || sets.includes(begun))) return begun;
  const [set, other] = sets;
  if (other === undefined) return begun ?? set ?? null;
  const [one, two] = [set, other].map((name) => volumes.find(({ manifest }) => manifest.set === name)?.file);
  throw new AirgapError(
    'input',
    `These volumes are of different sets: ${one} and ${two}.`,
    `Load one set after the other into ${folder}, the older one first.`,
  );
}

/** What is wrong with a volume of another set than the one that is loaded. */
export function foreign({ file, manifest }: Volume, set: string | null, folder: string): VolumeFault {
  return {
    file,
    why: `It is volume ${manifest.volume} of another set (${manifest.set.slice(0, 12)}), and ${folder} is half filled from set ${set?.slice(0, 12)}.`,
    hint: 'Load the missing volumes of that set first, or drop what is loaded of it with --restart.',
  };
}
