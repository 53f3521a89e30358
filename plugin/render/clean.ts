/**
 * Text from a cluster or a registry, made safe to print: escape sequences and control characters would let the author of
 * an image name or an error message move the cursor, colour or hide lines, or set the clipboard. Line breaks and tabs
 * stay; other control characters (C0, DEL, C1) and the marks that reorder or hide text (bidirectional controls, zero
 * width) become visible as `\u001b`.
 */
export function clean(text: string): string {
  return escapeUnsafe(text.replaceAll('\r\n', '\n'));
}

/** As `clean`, on one line: line breaks become spaces. */
export function cleanLine(text: string): string {
  return clean(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}

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
