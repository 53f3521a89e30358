import { wrappers, type LayerName } from './layers.ts';

/** One wrapper that was taken off, with the names it carried. */
export interface Layer {
  readonly name: LayerName;
  readonly facts: Readonly<Record<string, string>>;
}

/** What CRI-O tells of a mirror it tried before the source. */
export interface MirrorAttempt {
  readonly reference: string;
  readonly error: string;
}

export interface Unwrapped {
  /** From the outermost to the innermost. */
  readonly layers: readonly Layer[];
  readonly mirrors: readonly MirrorAttempt[];
  /** What is left when all known wrappers are off: the innermost error, and what a registry said after it. */
  readonly tail: string;
}

/** More steps than any program chains; what comes after them in a hostile message is left unread. */
const steps = 256;

/**
 * Takes the known wrappers off, from the outside in. Text between two known wrappers is an unknown wrapper and is
 * passed over: errors are chained by ": ", so the next known one can only start after such a joint.
 */
export function unwrap(text: string): Unwrapped {
  const layers: Layer[] = [];
  const mirrors: MirrorAttempt[] = [];
  let tail = 0;
  let at = 0;
  for (let step = 0; step < steps && at < text.length; step++) {
    const attempts = mirrorsAt(text, at);
    const found = attempts ?? layerAt(text, at);
    if (found !== undefined) {
      layers.push(found.layer);
      if (attempts !== undefined) mirrors.push(...attempts.mirrors);
      at = found.end;
      tail = at;
      continue;
    }
    const joint = nextJoint(text, at);
    if (joint < 0) break;
    at = joint;
  }
  return { layers, mirrors, tail: text.slice(tail) };
}

function layerAt(text: string, at: number): { layer: Layer; end: number } | undefined {
  for (const { layer, text: pattern } of wrappers) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const facts: Record<string, string> = {};
    for (const [name, value] of Object.entries(match.groups ?? {})) if (value !== undefined) facts[name] = value;
    return { layer: { name: layer, facts }, end: pattern.lastIndex };
  }
  return undefined;
}

/** The end of the next ": " or line, which is where a chained error can start; -1 where there is none. */
function nextJoint(text: string, at: number): number {
  const joint = /: |\n|: ?\[|^\[/g;
  joint.lastIndex = at;
  return joint.exec(text) === null ? -1 : joint.lastIndex;
}

const opening = '(Mirrors also failed: [';

/** `(Mirrors also failed: [ref: error]\n[ref: error]): ref: ` names every attempt; only the last is left for the tail. */
function mirrorsAt(
  text: string,
  at: number,
): { layer: Layer; mirrors: readonly MirrorAttempt[]; end: number } | undefined {
  if (!text.startsWith(opening, at)) return undefined;
  const close = text.indexOf(']): ', at);
  if (close < 0) return undefined;
  const mirrors = text
    .slice(at + opening.length, close)
    .split(/\]\s{0,4}\n?\s{0,4}\[/)
    .flatMap((attempt) => {
      const colon = attempt.indexOf(': ');
      return colon < 0 ? [] : [{ reference: attempt.slice(0, colon), error: attempt.slice(colon + 2) }];
    });
  const start = close + ']): '.length;
  const end = text.indexOf(': ', start);
  if (end < 0) return { layer: { name: 'mirrors', facts: {} }, mirrors, end: start };
  return { layer: { name: 'mirrors', facts: { ref: text.slice(start, end) } }, mirrors, end: end + 2 };
}

const parted =
  /,\s(?=rpc error: code = |failed to pull and unpack |error response from daemon: |(?:error )?initializing source )/i;

/**
 * A kubelet that holds several credentials for a host tries each and prints `[error, error]`. Each error starts with a
 * wrapper of its own, which is where the list can be cut without cutting an error that contains a comma.
 */
export function splitAttempts(text: string): readonly string[] {
  const start = text.search(/\[(?:rpc error: code = |failed to pull and unpack |error response from daemon: )/i);
  if (start < 0 || !text.endsWith(']')) return [text];
  const before = text.slice(0, start);
  return text
    .slice(start + 1, -1)
    .split(parted)
    .slice(0, 8)
    .map((attempt) => before + attempt);
}
