import { AirgapError } from '../../../shared/errors.ts';
import { inTurns } from '../../in-turns.ts';
import type { Registries } from '../../registry/client.ts';
import type { Lock } from '../lock/document.ts';
import { resolve } from '../lock/resolve.ts';
import type { Copy } from './copies.ts';
import { partsOf } from './parts.ts';

const parallel = 16;

/**
 * The same images with all of their platforms, for a mirror that takes an index only with all it names: same digests, more
 * manifests, looked up in the images' own registries.
 */
export async function widen(registries: Registries, lock: Lock, copies: readonly Copy[]): Promise<readonly Copy[]> {
  if (lock.platforms.length === 0) return copies;
  return inTurns(copies, parallel, async (copy) => {
    const { digest, image } = copy.locked;
    const whole = await resolve(registries, { written: image, ...copy.source, tag: null, digest }, []);
    if (!whole.ok)
      throw new AirgapError(
        'unreachable',
        `What other platforms ${image} has cannot be seen: ${whole.fault.host}: ${whole.fault.detail}.`,
        'Without --all-platforms the locked ones are copied.',
      );
    const locked = { ...copy.locked, manifests: whole.value.manifests };
    const sizes = { ...lock.blobs, ...Object.fromEntries(whole.value.blobs) };
    return { ...copy, locked, parts: partsOf(locked, sizes) };
  });
}
