/**
 * The address that a `Link: <…>; rel="next"` header names, relative to the page it came with (RFC 8288). Undefined where
 * there is none, and where it points to another origin: a page of tags has no reason to send anybody elsewhere.
 */
export function nextPage(header: string, page: URL): URL | undefined {
  for (const match of header.matchAll(/<([^<>]*)>((?:\s*;\s*[^;,="\s]+(?:\s*=\s*(?:"[^"]*"|[^";,\s]*))?)*)/g)) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^";,\s]*))/i.exec(match[2] ?? '');
    const names = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/);
    if (!names.includes('next') || !URL.canParse(match[1] ?? '', page)) continue;
    const next = new URL(match[1] ?? '', page);
    return next.origin === page.origin && next.href !== page.href ? next : undefined;
  }
  return undefined;
}
