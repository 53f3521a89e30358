import type { Json } from '../../../shared/kube/json.ts';

/** Ten times what an API server stores in one object; what is longer is passed over unread. */
export const maxItemBytes = 16 << 20;

/** Objects below this length are handed on untouched: almost all of them, at no cost. */
const suspicious = 128 << 10;
const longestMessage = 16 << 10;
const longestText = 2 << 20;
const deepest = 100;

/**
 * Cuts texts that no check needs in full: a message of ten megabytes would otherwise go through every pattern and into
 * the report. `bytes` is the length of the object's JSON.
 */
export function bounded(raw: Json, bytes: number): Json {
  return bytes > 0 && bytes < suspicious ? raw : (cut(raw, longestText, 0) as Json);
}

function cut(value: unknown, longest: number, depth: number): unknown {
  if (typeof value === 'string')
    return value.length > longest ? `${value.slice(0, longest)}… (cut, ${value.length} characters)` : value;
  if (Array.isArray(value)) return depth > deepest ? [] : value.map((entry) => cut(entry, longest, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return {};
  const out: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value))
    out[key] = cut(entry, key === 'message' || key === 'note' ? longestMessage : longestText, depth + 1);
  return out;
}
