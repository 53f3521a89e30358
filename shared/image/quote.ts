import { escapeUnsafe } from '../unsafe-text.ts';

const longest = 120;

/** A string of unknown origin for a message: in quotes, what is unsafe escaped, cut where it is long. */
export function quote(text: string): string {
  return escapeUnsafe(JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text));
}

/** An image for a message: as it is, unless it is long or holds what a terminal or a log would not bear. */
export function shown(image: string): string {
  return /^[\x21-\x7e]{1,200}$/.test(image) ? image : quote(image);
}
