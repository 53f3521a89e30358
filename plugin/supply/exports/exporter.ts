import type { Lock } from '../lock/document.ts';

export interface ExportOptions {
  /** Registries that speak plain HTTP, as `host[:port]`: some formats have to be told. */
  readonly plainHttp: readonly string[];
  /** The name of what is made, where the format wants one. */
  readonly name: string;
}

export interface Exported {
  /** Paths below the folder that is written, and their content. The first one is what standard output gets. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly executable?: true }[];
  /** What the format cannot carry, one sentence each: never dropped without a word. */
  readonly warnings: readonly string[];
}

/** Turns a lock into another tool's format. Pure; the same lock gives the same bytes. */
export type Exporter = (lock: Lock, options: ExportOptions) => Exported;
