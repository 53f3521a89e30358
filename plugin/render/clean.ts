import { escapeUnsafe } from '../../shared/unsafe-text.ts';

/**
 * Text from a cluster or a registry, made safe to print: escape sequences and control characters would let the author of
 * an image name or an error message move the cursor, colour or hide lines, or set the clipboard. Line breaks and tabs
 * stay; what else is unsafe becomes visible as `\u001b`.
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
