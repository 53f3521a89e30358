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
    let i = from;
    for (; i < chunk.length; i += 1) {
      if (escaped) {
        escaped = false;
        continue;
      }
      let byte = chunk[i] as number;
      while (byte !== QUOTE && byte !== BACKSLASH && i < chunk.length) {
        i += 1;
        byte = chunk[i] as number;
      }
      if (byte === QUOTE) {
        inString = false;
        return i + 1;
      }
      escaped = i < chunk.length;
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
