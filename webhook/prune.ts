import type { Body } from './body.ts';
import { mix, type Kept } from './kept.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
/** Of square brackets it makes curly ones. */
const bracketBit = 0x20;

/** Room for nearly every review, used again and again: a request is pruned in one go. */
const room = Buffer.allocUnsafeSlow(128 << 10);
/** Two quotes behind the end stop every search, whatever a text that breaks off looks like. */
const margin = 2;

interface Text {
  readonly bytes: Buffer;
  readonly length: number;
  /** Up to where the bytes are what is kept. Never further than what has been read. */
  to: number;
}

/**
 * The text of a JSON document with only those members that are kept; it parses to the same in every one of them. Most of
 * an AdmissionReview is something else (environments, probes, ports, managedFields), and making objects of it would be
 * half of the work of a request. What is left out is not held against the grammar of JSON; all the rest is, by whoever
 * parses it. A member with an escape in its name is always kept. Empty where the text is no JSON for certain.
 */
export function prune({ pieces, length }: Body, kept: Kept): string {
  const bytes = length + margin <= room.length ? room : Buffer.allocUnsafe(length + margin);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  bytes.fill(quote, length, length + margin);
  const text: Text = { bytes, length, to: 0 };
  const end = keep(text, 0, kept);
  return end < 0 || afterSpace(bytes, end) !== length ? '' : bytes.toString('utf8', 0, text.to);
}

/** Each of these returns the place behind what it read, or -1 where the text breaks off. Goes no deeper than `kept`. */
function keep(text: Text, from: number, kept: Kept): number {
  const at = afterSpace(text.bytes, from);
  const byte = text.bytes[at];
  if (kept === 'all' || (byte !== openBrace && byte !== openBracket)) return keepAll(text, at);
  return byte === openBrace ? keepMembers(text, at, kept) : keepElements(text, at, kept);
}

function keepAll(text: Text, from: number): number {
  const end = endOfValue(text.bytes, from, text.length);
  if (end >= 0) copy(text, from, end);
  return end;
}

function keepElements(text: Text, from: number, kept: Kept): number {
  const { bytes } = text;
  put(text, openBracket);
  let at = afterSpace(bytes, from + 1);
  if (bytes[at] !== closeBracket)
    for (;;) {
      // Nothing that is read sits in an array of an array.
      at = bytes[at] === openBracket ? keepAll(text, at) : keep(text, at, kept);
      if (at < 0) return -1;
      at = afterSpace(bytes, at);
      if (bytes[at] !== comma) break;
      put(text, comma);
      at = afterSpace(bytes, at + 1);
    }
  if (bytes[at] !== closeBracket) return -1;
  put(text, closeBracket);
  return at + 1;
}

function keepMembers(text: Text, from: number, kept: ReadonlyMap<number, Kept>): number {
  const { bytes, length } = text;
  put(text, openBrace);
  let first = true;
  let at = afterSpace(bytes, from + 1);
  if (bytes[at] !== closeBrace)
    for (;;) {
      if (bytes[at] !== quote) return -1;
      const name = at;
      let hash = 0;
      let escaped = false;
      for (at += 1; ; at += 1) {
        const byte = bytes[at] ?? quote;
        if (byte === quote) break;
        if (byte === backslash) {
          escaped = true;
          at += 1;
        }
        hash = mix(hash, byte);
      }
      at = afterSpace(bytes, at + 1);
      if (at >= length || bytes[at] !== colon) return -1;
      at += 1;
      const inner = escaped ? 'all' : kept.get(hash);
      if (inner === undefined) {
        const value = afterSpace(bytes, at);
        at = endOfValue(bytes, value, length);
        if (at === value) return -1;
      } else {
        if (!first) put(text, comma);
        first = false;
        copy(text, name, at);
        at = keep(text, at, inner);
      }
      if (at < 0) return -1;
      at = afterSpace(bytes, at);
      if (bytes[at] !== comma) break;
      at = afterSpace(bytes, at + 1);
    }
  if (bytes[at] !== closeBrace) return -1;
  put(text, closeBrace);
  return at + 1;
}

/** Where the comma, bracket or end stands that ends a value. Nearly all the time is spent here. */
function endOfValue(bytes: Buffer, from: number, length: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    const byte = bytes[at] ?? quote;
    if (byte === quote) {
      if (at >= length) return depth === 0 ? length : -1;
      for (at += 1; ; at += 1) {
        const inside = bytes[at] ?? quote;
        if (inside === quote) break;
        if (inside === backslash) at += 1;
      }
      if (at >= length) return -1;
    } else if ((byte | bracketBit) === openBrace) depth += 1;
    else if ((byte | bracketBit) === closeBrace) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (byte === comma && depth === 0) return at;
    at += 1;
  }
}

function put(text: Text, byte: number): void {
  text.bytes[text.to] = byte;
  text.to += 1;
}

/** Byte by byte: what is kept is short. */
function copy(text: Text, from: number, end: number): void {
  const { bytes } = text;
  let { to } = text;
  for (let at = from; at < end; at += 1, to += 1) bytes[to] = bytes[at] ?? 0;
  text.to = to;
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}
