import { interned } from './interned.ts';

/**
 * Tolerant reading of Kubernetes JSON. Objects come from clusters newer than this release, from hand-made dumps and
 * from hostile archives, so a field of the wrong type reads as absent instead of throwing: one malformed pod must not
 * cost the rest of a report.
 */
export type Json = Readonly<Record<string, unknown>>;

const nothing: Json = Object.freeze({});

/** The value as an object; an empty one where it is anything else (arrays included). */
export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : nothing;
}

/** The value as an array; empty where it is anything else. */
export function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string that is not empty, else undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? interned(value) : undefined;
}

/** A finite number, else undefined. */
export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The strings of an array; members of another type are left out. */
export function texts(value: unknown): string[] {
  return array(value).filter((entry) => typeof entry === 'string');
}

/** The string entries of a map such as labels or annotations; entries of another type are left out. */
export function textMap(value: unknown): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, entry] of Object.entries(record(value))) if (typeof entry === 'string') out[key] = interned(entry);
  return out;
}
