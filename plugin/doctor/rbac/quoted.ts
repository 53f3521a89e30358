/** One string as Go's `%q` prints it, for use inside another pattern; it never runs past the closing quote. */
export const quoted = String.raw`"(?:[^"\\]|\\.)*"`;

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The value of a string that Go's `%q` printed; the text itself where it has no quotes around it. */
export function unquote(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  return text
    .slice(1, -1)
    .replaceAll(
      /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs,
      (all, byte?: string, short?: string, long?: string, letter?: string) => {
        const code = byte ?? short ?? long;
        if (code !== undefined) {
          const point = Number.parseInt(code, 16);
          return point <= 0x10_ff_ff ? String.fromCodePoint(point) : all;
        }
        return escapes[letter ?? ''] ?? letter ?? all;
      },
    );
}

/** The strings of a list as Go's `%q` prints one: `["a" "b"]`. */
export function unquoteList(text: string): string[] {
  return (text.match(new RegExp(quoted, 'gs')) ?? []).map(unquote);
}

/** The API server writes names that look like HTML with entities. */
export function unescapeHtml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
