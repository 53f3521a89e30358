import type { Outcome } from './outcome.ts';
import type { Vector } from './vectors.ts';

/** Something in which the CEL form is not the webhook. docs/cel.md has each sentence, word for word. */
export interface Difference {
  readonly sentence: string;
  /** Whether what both say of a vector differs in this way, and in no other. */
  readonly explains: (vector: Vector, webhook: Outcome, cel: Outcome) => boolean;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export const differences: readonly Difference[] = [];

/** In what two outcomes differ. The warnings of both are held against each other by whether there are any. */
export function differing(one: Outcome, other: Outcome): string[] {
  return [
    one.verdict !== other.verdict && 'verdict',
    !same(one.images, other.images) && 'images',
    one.originals !== other.originals && 'originals',
    !same(one.secrets, other.secrets) && 'secrets',
    one.verdict === 'rejected' && one.message !== other.message && 'message',
    one.warnings.length > 0 !== other.warnings.length > 0 && 'warnings',
  ].filter((name) => name !== false);
}
