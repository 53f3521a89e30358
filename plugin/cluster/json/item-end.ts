import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, isSpace, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './bytes.ts';

/** Finds where a value of an array ends, across any number of chunks. Whether it is valid is not its business. */
export interface ItemEnd {
  /** A value begins with this byte; `find` sees that byte too. */
  begin(first: number): void;
  /** Just after the value's last byte, or -1 where it goes on in the next chunk. */
  find(chunk: Buffer, from: number): number;
}

export function itemEnd(): ItemEnd {
  let shape: 'container' | 'string' | 'bare' = 'bare';
  let depth = 0;
  let inString = false;
  let escaped = false;

  /** Just after the closing quote, or the chunk's end. */
  const endOfString = (chunk: Buffer, from: number): number => {
    let i = escaped ? from + 1 : from;
    escaped = false;
    let quote = -1;
    while (i < chunk.length) {
      // The next landmark is mostly near, where a search would cost more than it saves.
      const near = Math.min(i + 64, chunk.length);
      while (i < near && chunk[i] !== QUOTE && chunk[i] !== BACKSLASH) i += 1;
      if (i === near) {
        if (quote < i) quote = indexOrEnd(chunk, QUOTE, i);
        i += indexOrEnd(chunk.subarray(i, quote), BACKSLASH, 0);
      }
      if (i === chunk.length) return i;
      if (chunk[i] === QUOTE) {
        inString = false;
        return i + 1;
      }
      escaped = i + 1 === chunk.length;
      i += 2;
    }
    return chunk.length;
  };

  return {
    begin(first) {
      shape = first === OPEN_OBJECT || first === OPEN_ARRAY ? 'container' : first === QUOTE ? 'string' : 'bare';
      depth = 0;
      inString = false;
      escaped = false;
    },
    find(chunk, from) {
      let i = from;
      while (i < chunk.length) {
        if (inString) {
          i = endOfString(chunk, i);
          if (!inString && shape === 'string') return i;
          continue;
        }
        const byte = chunk[i] as number;
        if (shape === 'bare' && (byte === COMMA || byte === CLOSE_ARRAY || isSpace(byte))) return i;
        i += 1;
        if (byte === QUOTE) inString = true;
        else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
        else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
          depth -= 1;
          if (depth === 0) return i;
        }
      }
      return -1;
    },
  };
}

function indexOrEnd(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at === -1 ? chunk.length : at;
}
