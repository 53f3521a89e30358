import type { Copy } from './copies.ts';
import type { MirroredImage } from './run-report.ts';

/** Whoever wants to see how a run goes. */
export interface Watch {
  readonly start: (copies: readonly Copy[]) => void;
  readonly begin: (copy: Copy) => void;
  readonly end: (copy: Copy, image: MirroredImage) => void;
  /** Bytes that went into or out of a folder. */
  readonly moved: (bytes: number) => void;
  readonly stop: () => void;
}
