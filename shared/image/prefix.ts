import { defaultHost, isHost, isPathComponent, looksLikeHost } from './grammar.ts';
import { quote } from './quote.ts';

/** `prefix` is normalised: `index.docker.io/a` is `docker.io/a`. `reason` is one sentence that says how to mend it. */
export type ParsedPrefix =
  | { readonly ok: true; readonly prefix: string }
  | { readonly ok: false; readonly reason: string };

/** Reads `HOST` or `HOST/PATH`, the part of a repository name that a rule matches by whole segments. */
export function parsePrefix(written: string): ParsedPrefix {
  const [host = '', ...path] = written.split('/');
  const reason = whyNoPrefix(written, host, path);
  if (reason !== null) return { ok: false, reason };
  return { ok: true, prefix: [host === 'index.docker.io' ? defaultHost : host, ...path].join('/') };
}

function whyNoPrefix(written: string, host: string, path: readonly string[]): string | null {
  if (written === '') return 'the prefix is empty: write a registry, as in docker.io/library';
  if (written.trim() !== written) return `there is white space around ${quote(written.trim())}: write it without`;
  if (written.includes('://'))
    return `a prefix has no scheme: write ${quote(written.slice(written.indexOf('://') + 3))}`;
  if (written.endsWith('/')) return `a prefix ends without a slash: write ${quote(written.replace(/\/{1,1000}$/, ''))}`;
  if (/[*?]/.test(written)) return `a prefix has no wildcards: it covers everything below ${quote(host)} by itself`;
  if (written.includes('@')) return `a prefix has no digest: write ${quote(written.slice(0, written.indexOf('@')))}`;
  const last = path.at(-1);
  if (last?.includes(':') === true)
    return `a prefix has no tag: write ${quote(written.slice(0, written.lastIndexOf(':')))}`;
  if (!looksLikeHost(host))
    return `${quote(written)} does not begin with a registry host: write ${quote(path.length === 0 ? `${defaultHost}/library/${host}` : `${defaultHost}/${written}`)}`;
  if (!isHost(host) && !isPathComponent(host)) return `${quote(host)} is no host: write HOST, HOST:PORT or [IPv6]:PORT`;
  const wrong = path.find((segment) => !isPathComponent(segment));
  if (wrong === '') return 'a path segment is empty: remove the doubled slash';
  if (wrong !== undefined && wrong.toLowerCase() !== wrong)
    return `a repository is lower-case: write ${quote(wrong.toLowerCase())} in place of ${quote(wrong)}`;
  if (wrong !== undefined)
    return `${quote(wrong)} is no path segment: use lower-case letters, digits, ".", "_" and "-"`;
  return null;
}

/** Whether a prefix covers a repository, or another prefix, by whole path segments. */
export function covers(prefix: string, repository: string): boolean {
  return repository === prefix || repository.startsWith(`${prefix}/`);
}
