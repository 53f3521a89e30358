/**
 * Characters by which text plays tricks on who reads it: control characters (C0, DEL, C1) move the cursor or hide lines,
 * and the marks that reorder or hide text make it look like another. Line breaks and tabs are not among them.
 */
export function isUnsafe(text: string): boolean {
  return unsafe.test(text);
}

/** Every unsafe character as `\uXXXX`; nothing else is changed. */
export function escapeUnsafe(text: string): string {
  return text.replaceAll(everyUnsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// oxlint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const everyUnsafe = new RegExp(unsafe, 'g');
