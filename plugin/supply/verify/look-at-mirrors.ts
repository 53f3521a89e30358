import { inTurns } from '../../in-turns.ts';
import type { Registries } from '../../registry/client.ts';
import type { LockedDigests } from './locked.ts';
import { lookAtMirror, type MirrorState } from './look-at-mirror.ts';

/** Images asked for at a time; the wire limits the connections to one host. */
const parallel = 32;

/** Asks the mirror for every locked image; by the lock's name of the image. */
export async function lookAtMirrors(
  registries: Registries,
  lock: LockedDigests,
  progress: (line: string) => void,
): Promise<Map<string, MirrorState>> {
  let done = 0;
  const states = await inTurns(lock.images, parallel, async (locked) => {
    const state = await lookAtMirror(registries, locked);
    progress(`Verified ${(done += 1)} of ${lock.images.length}: ${locked.image}`);
    return [locked.image, state] as const;
  });
  return new Map(states);
}
