import type { Json } from '../../../shared/kube/json.ts';

export type Path = readonly (string | number)[];

/** What a part of another tool's file asks for. `path` leads to it inside its document. */
export type Finding =
  | { readonly is: 'image'; readonly image: string; readonly path: Path }
  /** A chart archive or a file: a path beside the file that names it, or an address. */
  | { readonly is: 'file'; readonly source: string; readonly chart: boolean; readonly path: Path }
  /** It asks for images that only a registry, a chart or another file can tell. `reason` is one clause. */
  | { readonly is: 'unresolved'; readonly reason: string; readonly path: Path };

/** How another tool's documents are told from others, and read. Every scalar of the document is a string as written. */
export interface Reader {
  readonly recognises: (document: Json) => boolean;
  readonly read: (document: Json) => readonly Finding[];
}

export const image = (written: string, path: Path): Finding => ({ is: 'image', image: written, path });
export const unresolved = (reason: string, path: Path): Finding => ({ is: 'unresolved', reason, path });

/** A value that the tool fills in when it runs. */
export function isTemplate(value: string): boolean {
  return /\{\{|###ZARF_|\$\{/.test(value);
}
