import { escapeUnsafe } from '../../shared/unsafe-text.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters are shown as `\\u001b`; the rest that XML cannot carry, not even escaped, as a question mark. */
export function escapeXml(text: string): string {
  return escapeUnsafe(text)
    .toWellFormed()
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?');
}
