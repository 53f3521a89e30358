import type { Copy } from './copies.ts';
import type { MirroredImage } from './run-report.ts';

/** Whoever wants to see how a run goes: first it looks at all images, then it copies those that miss something. */
export interface Watch {
  readonly look: (images: number) => void;
  /** With the bytes that are missing of all. */
  readonly copy: (bytes: number) => void;
  readonly begin: (copy: Copy, bytes: number) => void;
  /** Of each image, copied or not. */
  readonly end: (copy: Copy, image: MirroredImage) => void;
  /** Bytes that went into or out of a folder. */
  readonly moved: (bytes: number) => void;
  readonly stop: () => void;
}
