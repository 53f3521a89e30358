import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** A sentence below a table, wrapped on a terminal; in a pipe it stays one line. */
export function sentence(text: string, { columns, width }: Terminal): readonly string[] {
  return columns === undefined ? [text] : wrap(text, width);
}
