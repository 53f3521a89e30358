import { createHash } from 'node:crypto';

/** The digest of bytes in hand, by the algorithm of the digest that they are compared with. */
export function digestOf(bytes: Uint8Array, like = 'sha256:'): string {
  const algorithm = like.startsWith('sha512:') ? 'sha512' : 'sha256';
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}
