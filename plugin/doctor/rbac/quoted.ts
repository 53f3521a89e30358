/**
 * One string as Go's `%q` prints it, for use inside another pattern. Names are short: without a limit, a message of
 * nothing but opening quotes would cost the square of its length.
 */
export const quoted = String.raw`"(?:[^"\\]|\\.){0,600}"`;

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

/**
 * What `secrets "db" is forbidden: ` right before `at` says: the plural with its group, and the name where there is one.
 * Read backwards from the end, which costs the same however long the text is.
 */
export function aboutBefore(text: string, at: number): { resource: string; name: string; text: string } {
  const before = text.slice(Math.max(0, at - 1000), at);
  const bare = 'forbidden: ';
  const marker = ` is ${bare}`;
  if (!before.endsWith(marker)) return { resource: '', name: '', text: before.endsWith(bare) ? bare : '' };
  const head = before.slice(0, -marker.length);
  const quote = openingQuote(head);
  const name = quote === head.length ? '' : ` ${head.slice(quote)}`;
  const resource = /[\w.-]+$/.exec(head.slice(Math.max(0, quote - 300), name === '' ? quote : quote - 1))?.[0];
  if (resource === undefined) return { resource: '', name: '', text: bare };
  return { resource, name: unescapeHtml(unquote(name.trimStart())), text: `${resource}${name}${marker}` };
}

/** Where the quoted string at the end begins; the length of the text where it ends with none. */
function openingQuote(text: string): number {
  if (!text.endsWith('"')) return text.length;
  let at = text.lastIndexOf('"', text.length - 2);
  while (at > 0 && text[at - 1] === '\\') at = text.lastIndexOf('"', at - 1);
  return at < 1 ? text.length : at;
}
