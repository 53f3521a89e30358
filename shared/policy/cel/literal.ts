/** A string of the Common Expression Language. */
export function celText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** A regular expression, raw so that it reads as it is; none of ours holds a single quote. */
export function celPattern(pattern: string): string {
  return `r'${pattern}'`;
}

export function celList(texts: readonly string[]): string {
  return `[${texts.map(celText).join(', ')}]`;
}

/** The text as a pattern that matches exactly it. */
export function quotePattern(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9/_:-]/g, (character) => `\\${character}`);
}
