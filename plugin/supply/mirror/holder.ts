import type { Fault } from '../../../shared/registry/fault.ts';
import type { Copy } from './copies.ts';
import type { Part } from './parts.ts';

/** What one end holds of an image. */
export type Held =
  | {
      readonly seen: true;
      /** Parts that are not there, or not with the bytes that their digest stands for. */
      readonly absent: readonly Part[];
      /** Tags that are not there, or name another digest than the locked one. */
      readonly untagged: readonly string[];
      /** Digests of referrers that the registry's list of referrers does not have. */
      readonly unlisted: readonly string[];
      /** What is wrong beyond being absent, such as a damaged file; empty where there is nothing to add. */
      readonly detail: string;
    }
  | { readonly seen: false; readonly fault: Fault };

/** The two worlds that a copy can be read back from: a registry and a folder. */
export interface Holder {
  /**
   * Reads back what is there, by digest, without the word of whoever copied it: a registry's manifests with their bytes and
   * its blobs by their size, a folder's files with all of their bytes. `quick` is content with what is said to be there.
   */
  look(copy: Copy, how: 'quick' | 'whole'): Promise<Held>;
}

/** Whether everything is there, and found by its tags and in the list of referrers. */
export function isWhole(held: Held): boolean {
  return held.seen && held.absent.length === 0 && held.untagged.length === 0 && held.unlisted.length === 0;
}
