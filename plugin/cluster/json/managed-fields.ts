import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './bytes.ts';

const key = Buffer.from(',"managedFields":[');

/**
 * The text of an item without its `managedFields`: who set which field, half of what an API server sends of a pod and
 * more than half of the work of parsing it, and never read by anybody here. A comma before an unescaped quote can only
 * stand before a key, so a match is never inside a text; where the array ends is counted, not guessed. Of what is left
 * out only the brackets are looked at.
 */
export function managedFieldsSkipper(): (chunk: Buffer, from: number, to: number) => string {
  // One search serves many items: that of a list without the field looks at every byte once, not once an item.
  let searched: Buffer | undefined;
  let at = -1;
  return (chunk, from, to) => {
    if (searched !== chunk || (at !== -1 && at < from)) {
      searched = chunk;
      at = chunk.indexOf(key, from);
    }
    if (at === -1 || at >= to) return chunk.toString('utf8', from, to);
    const end = endOfArray(chunk, at + key.length, to);
    return end === -1
      ? chunk.toString('utf8', from, to)
      : chunk.toString('utf8', from, at) + chunk.toString('utf8', end, to);
  };
}

/** Just after the bracket that closes the array whose inside begins at `from`; -1 where it does not close before `to`. */
function endOfArray(chunk: Buffer, from: number, to: number): number {
  let depth = 1;
  let i = from;
  while (i < to) {
    const byte = chunk[i] as number;
    i += 1;
    if (byte === QUOTE) {
      while (i < to && chunk[i] !== QUOTE) i += chunk[i] === BACKSLASH ? 2 : 1;
      i += 1;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth += 1;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}
