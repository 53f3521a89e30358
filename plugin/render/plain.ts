const ascii: Readonly<Record<string, string>> = {
  '…': '...',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '→': '->',
};

/** Typographic signs in ASCII, and whatever else ASCII has no letter for as a question mark. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[^\u0000-\u007F]/gu, (character) => ascii[character] ?? '?');
}
