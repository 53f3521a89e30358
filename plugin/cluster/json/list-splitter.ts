import { ByteSink } from './byte-sink.ts';
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isSpace,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './bytes.ts';
import { itemEnd } from './item-end.ts';
import { managedFieldsSkipper } from './managed-fields.ts';
import { seam } from './seam.ts';

/** What a document says beside its items. */
type Envelope = Readonly<Record<string, unknown>>;

export interface SplitterOptions {
  /** Every member of `items` (or of a bare array), parsed, in order; `bytes` is its length in the document. */
  readonly item: (value: unknown, bytes: number) => void;
  /** What stands before `items`, as soon as it is known: where the next page starts stands there. */
  readonly head?: (envelope: Envelope) => void;
  /** An item that is longer is passed over and counted; nothing of it is kept in memory. */
  readonly maxItemBytes: number;
}

export interface SplitEnd {
  /** The document without its items; the document itself where it has none, undefined where it is a bare array. */
  readonly envelope: Envelope | undefined;
  /** False where the document has no `items`: then it is a single object, or something else altogether. */
  readonly list: boolean;
  readonly tooLong: number;
}

/** The text is not JSON, or is JSON of a kind that no API server writes; the message says what, and at which byte. */
export class MalformedList extends Error {
  override readonly name = 'MalformedList';
}

/**
 * Splits a Kubernetes list into its items while its bytes arrive, so that a list of any length costs the memory of its
 * longest item. The scanner only finds where items begin and end; JSON.parse reads each item, and reads what is left
 * with `0` in each item's place, so that what is accepted is exactly what JSON.parse accepts.
 */
export function splitList(options: SplitterOptions): { push(chunk: Uint8Array): void; end(): SplitEnd } {
  const outside = new ByteSink(options.maxItemBytes);
  const pending = new ByteSink(options.maxItemBytes);
  let offset = 0;
  let place: 'outside' | 'between' | 'inside' = 'outside';
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** Where the current string began in `outside`; a key is compared when it ends. */
  let stringStart = 0;
  let key = '';
  let keyExpected = false;
  let sawItems = false;
  let tooLong = 0;
  const ends = itemEnd();
  const seams = seam();
  const textOf = managedFieldsSkipper();
  /** Where in this chunk the last item ended; -1 where it ended in another one. */
  let lastEnd = -1;

  const fail = (what: string, at: number): never => {
    throw new MalformedList(`${what} at byte ${offset + at}`);
  };

  const parse = (text: string, at: number): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return fail('not JSON', at);
    }
  };

  const enterItems = (): void => {
    sawItems = true;
    place = 'between';
    if (options.head === undefined || depth !== 2) return;
    try {
      options.head(JSON.parse(`${outside.bytes().toString('utf8')}]}`) as Envelope);
    } catch {
      // The whole envelope is parsed at the end, which is where the fault is told.
    }
  };

  const finishItem = (chunk: Buffer, from: number, to: number): void => {
    outside.append(zero, 0, 1);
    place = 'between';
    lastEnd = to;
    const length = pending.length + to - from;
    if (length > options.maxItemBytes) {
      tooLong += 1;
      pending.clear();
      return;
    }
    let bytes: Buffer;
    if (pending.length === 0) bytes = chunk.subarray(from, to);
    else {
      pending.append(chunk, from, to);
      bytes = pending.bytes();
    }
    const value = parse(textOf(bytes, 0, bytes.length), to);
    pending.clear();
    options.item(value, length);
  };

  /** Consumes bytes of an item from `start`; returns where it stopped. */
  const inside = (chunk: Buffer, start: number): number => {
    const end = ends.find(chunk, start);
    if (end === -1) {
      pending.append(chunk, start, chunk.length);
      return chunk.length;
    }
    finishItem(chunk, start, end);
    return end;
  };

  /** Takes an item that lies in this chunk as a whole; where it ends, or undefined where that has to be looked for. */
  const whole = (chunk: Buffer, from: number): number | undefined => {
    for (const to of seams.guesses(chunk, from)) {
      if (to - from > options.maxItemBytes) return undefined;
      let value: unknown;
      try {
        value = JSON.parse(textOf(chunk, from, to));
      } catch {
        continue;
      }
      outside.append(zero, 0, 1);
      lastEnd = to;
      options.item(value, to - from);
      return to;
    }
    return undefined;
  };

  /** Between two items; separators are kept for the envelope, where JSON.parse judges them. */
  const between = (chunk: Buffer, start: number): number => {
    let i = start;
    while (i < chunk.length) {
      const byte = chunk[i] as number;
      if (isSpace(byte)) i += 1;
      else if (byte === CLOSE_ARRAY) {
        place = 'outside';
        return i;
      } else if (byte === COMMA) {
        outside.append(chunk, i, i + 1);
        i += 1;
      } else {
        if (byte === OPEN_OBJECT) {
          if (lastEnd >= 0) seams.learn(chunk, lastEnd, i);
          const end = whole(chunk, i);
          if (end !== undefined) {
            i = end;
            continue;
          }
        }
        place = 'inside';
        ends.begin(byte);
        return i;
      }
    }
    return i;
  };

  const beyond = (chunk: Buffer, start: number): number => {
    let i = start;
    let kept = start;
    while (i < chunk.length) {
      const byte = chunk[i] as number;
      i += 1;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 1 && keyExpected) {
            outside.append(chunk, kept, i);
            kept = i;
            key = outside.bytes().toString('utf8', stringStart);
            keyExpected = false;
          }
        }
        continue;
      }
      if (byte === QUOTE) {
        inString = true;
        stringStart = outside.length + i - 1 - kept;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        depth += 1;
        const bareArray = depth === 1 && byte === OPEN_ARRAY;
        if (bareArray || (depth === 2 && byte === OPEN_ARRAY && key === '"items"')) {
          outside.append(chunk, kept, i);
          enterItems();
          return i;
        }
        keyExpected = depth === 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
      else if (byte === COMMA && depth === 1) {
        keyExpected = true;
        key = '';
      } else if (!isSpace(byte) && byte !== COLON && depth === 1) key = '';
    }
    outside.append(chunk, kept, i);
    return i;
  };

  return {
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let i = 0;
      while (i < chunk.length)
        i = place === 'outside' ? beyond(chunk, i) : place === 'between' ? between(chunk, i) : inside(chunk, i);
      offset += chunk.length;
      lastEnd = -1;
      if (outside.overflowed) fail('no list, and too long for one object,', 0);
    },
    end() {
      if (place !== 'outside' || outside.length === 0 || depth > 0) fail('it ends too early', 0);
      const rest = parse(outside.bytes().toString('utf8'), 0);
      if (Array.isArray(rest)) return { envelope: undefined, list: true, tooLong };
      if (typeof rest !== 'object' || rest === null) return fail('neither an object nor a list', 0);
      const { items: hidden, ...envelope } = rest as Record<string, unknown>;
      // A key may be spelt with escapes; then the items were not seen passing by.
      if (!sawItems && Array.isArray(hidden)) for (const item of hidden as unknown[]) options.item(item, 0);
      return { envelope, list: sawItems || Array.isArray(hidden), tooLong };
    },
  };
}

const zero = Buffer.from('0');
