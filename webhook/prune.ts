import type { CompiledPolicy } from '../shared/policy/compile.ts';
import { knownKinds } from '../shared/policy/positions.ts';

/**
 * The fields that a review may read, at any depth, as hashes of their names: two names of one hash are both kept, which
 * costs a little and changes nothing.
 */
export type Kept = ReadonlySet<number>;

const always = [
  ...'apiVersion kind request uid group namespace name operation subResource dryRun object oldObject'.split(' '),
  ...'metadata annotations ownerReferences controller spec imagePullSecrets volumes image reference'.split(' '),
  ...'containers initContainers ephemeralContainers'.split(' '),
  ...knownKinds.flatMap(({ podSpecs = [], images = [] }) => [...podSpecs, ...images]).flatMap(fieldsOf),
];

const remembered = new WeakMap<readonly CompiledPolicy[], Kept>();

/** What is read under these policies, wherever their custom resources hold images. */
export function keptFor(policies: readonly CompiledPolicy[]): Kept {
  let kept = remembered.get(policies);
  if (kept === undefined) remembered.set(policies, (kept = hashesFor(policies)));
  return kept;
}

function hashesFor(policies: readonly CompiledPolicy[]): Kept {
  const custom = policies.flatMap(({ customResources }) => customResources.flatMap(({ paths }) => paths));
  return new Set([...always, ...custom.flatMap(fieldsOf)].map((name) => Buffer.from(name).reduce(mix, 0)));
}

function fieldsOf(path: string): string[] {
  return path.split('.').map((part) => part.replace('[*]', ''));
}

const mix = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;
const annotations = Buffer.from('annotations').reduce(mix, 0);

/** Deeper than any object that the API server takes. */
const deepest = 64;

/**
 * The text of a JSON document without the members that nobody reads: it parses to the same in every kept field. Most of
 * an AdmissionReview is something else (environments, probes, ports, managedFields), and making objects of it would be
 * half of the work of a request. Works in the given bytes. What is cut out is not held against the grammar of JSON; all
 * the rest is, by whoever parses it. A name with an escape in it is never cut, nor is anything below `annotations`, nor
 * anything of a document that is not as expected.
 */
export function prune(bytes: Buffer, kept: Kept): string {
  const cuts: number[] = [];
  const lasts: number[] = [];
  if (!findCuts(bytes, kept, cuts, lasts)) return bytes.toString('utf8');
  for (const at of lasts) bytes[at] = zero;
  let to = cuts[0] ?? bytes.length;
  for (let index = 1; index < cuts.length; index += 2) {
    const from = cuts[index] ?? 0;
    const next = cuts[index + 1] ?? bytes.length;
    bytes.copyWithin(to, from, next);
    to += next - from;
  }
  return bytes.toString('utf8', 0, to);
}

const zero = 0x30;
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

/**
 * Fills `cuts` with pairs: where what is to go begins, and where what stays does. The last member of an object keeps its
 * name, since the comma before it would be left over: its value is cut but for the first byte, which goes into `lasts`.
 * False where it is better not to cut at all.
 */
function findCuts(bytes: Buffer, kept: Kept, cuts: number[], lasts: number[]): boolean {
  const { length } = bytes;
  const inObject: boolean[] = [];
  let nameNext = false;
  let at = 0;
  while (at < length) {
    const byte = bytes[at];
    if (byte === quote && nameNext) {
      nameNext = false;
      const begin = at;
      let hash = 0;
      let escaped = false;
      for (at += 1; bytes[at] !== quote; at += 1) {
        if (at >= length) return false;
        if (bytes[at] === backslash) {
          escaped = true;
          at += 1;
        }
        hash = mix(hash, bytes[at] ?? 0);
      }
      at = afterSpace(bytes, at + 1);
      if (bytes[at] !== colon) return false;
      at += 1;
      if (escaped || kept.has(hash)) {
        if (hash === annotations) at = endOfValue(bytes, at);
        continue;
      }
      const value = afterSpace(bytes, at);
      at = endOfValue(bytes, value);
      if (bytes[at] !== comma) {
        if (at > value + 1) {
          lasts.push(value);
          cuts.push(value + 1, at);
        }
        continue;
      }
      at = afterSpace(bytes, at + 1);
      if (bytes[at] !== quote) return false;
      cuts.push(begin, at);
      nameNext = true;
      continue;
    }
    if (byte === quote) {
      at = endOfString(bytes, at);
      continue;
    }
    if (byte === openBrace || byte === openBracket) {
      if (inObject.length === deepest) return false;
      inObject.push(byte === openBrace);
      nameNext = byte === openBrace;
    } else if (byte === closeBrace || byte === closeBracket) {
      if (inObject.pop() !== (byte === closeBrace)) return false;
    } else if (byte === comma) nameNext = inObject.at(-1) === true;
    at += 1;
  }
  return at === length && inObject.length === 0;
}

/** Past the closing quote, or past the end where there is none. */
function endOfString(bytes: Buffer, from: number): number {
  const { length } = bytes;
  for (let at = from + 1; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  return length + 1;
}

/** At the comma or bracket that ends a value, or past the end where there is none. Nearly all the time is spent here. */
function endOfValue(bytes: Buffer, from: number): number {
  const { length } = bytes;
  let depth = 0;
  for (let at = from; at < length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      for (at += 1; at < length; at += 1) {
        const inside = bytes[at];
        if (inside === quote) break;
        if (inside === backslash) at += 1;
      }
    } else if ((byte | bracketBit) === openBrace) depth += 1;
    else if ((byte | bracketBit) === closeBrace) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (byte === comma && depth === 0) return at;
  }
  return length + 1;
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}
