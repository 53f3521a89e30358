import { escapeUnsafe } from '../../shared/unsafe-text.ts';
import type { Format } from './index.ts';

/** A value as one JSON document. What could play tricks on a terminal is escaped, which JSON reads as the same text. */
export function jsonText(value: unknown): string {
  return `${escapeUnsafe(JSON.stringify(value, null, 2))}\n`;
}

/** `-o json`. */
export const json: Format = (report) => jsonText(report);
