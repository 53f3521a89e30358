import { defaultHost, isDigest, isHost, isPath, isTag, longestPath, looksLikeHost, officialPath } from './grammar.ts';
import { whyInvalid } from './invalid.ts';

/** An image reference. `host` and `path` are normalised; `tag` and `digest` are as written, null where there is none. */
export interface Reference {
  /** The string that was parsed, to the character. */
  readonly written: string;
  readonly host: string;
  readonly path: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** `reason` is one sentence that says how to mend the reference. */
export type ParsedReference =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly reason: string };

/** The parts of a reference before any of them has been held against the grammar. */
export interface Parts {
  readonly host: string;
  readonly path: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/**
 * Reads an image reference as container runtimes do: `nginx` is `docker.io/library/nginx`, `a/b` is `docker.io/a/b`,
 * `index.docker.io` is `docker.io`. Total: any string gives a reference or a reason.
 */
export function parseReference(written: string): ParsedReference {
  const parts = split(written);
  return isValid(written, parts)
    ? { ok: true, reference: { written, ...parts } }
    : { ok: false, reason: whyInvalid(written, parts) };
}

/** `host/path`: what prefixes of a policy are matched against. */
export function repositoryOf(reference: Reference): string {
  return `${reference.host}/${reference.path}`;
}

/** `:tag`, `@digest`, both or nothing, exactly as written. */
export function suffixOf(reference: Reference): string {
  const tag = reference.tag === null ? '' : `:${reference.tag}`;
  return reference.digest === null ? tag : `${tag}@${reference.digest}`;
}

/** The whole reference with host and `library/` spelled out; no `:latest` is added. */
export function normalize(reference: Reference): string {
  return repositoryOf(reference) + suffixOf(reference);
}

/**
 * The shortest spelling, as docker prints it: `docker.io/library/nginx:1.27` is `nginx:1.27`. For reading by people
 * only: of `docker.io/docker.io/a` it gives `docker.io/a`, which names something else.
 */
export function familiar(reference: Reference): string {
  return familiarRepository(reference) + suffixOf(reference);
}

function familiarRepository({ host, path }: Reference): string {
  if (host !== defaultHost) return `${host}/${path}`;
  const rest = path.startsWith(officialPath) ? path.slice(officialPath.length) : path;
  return rest.includes('/') ? path : rest;
}

function split(written: string): Parts {
  const slash = written.indexOf('/');
  const first = slash < 0 ? '' : written.slice(0, slash);
  const hasHost = looksLikeHost(first);
  const host = !hasHost || first === 'index.docker.io' ? defaultHost : first;
  const rest = hasHost ? written.slice(slash + 1) : written;

  const at = rest.indexOf('@');
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.indexOf(':');
  const name = colon < 0 ? named : named.slice(0, colon);
  return {
    host,
    path: host === defaultHost && !name.includes('/') ? officialPath + name : name,
    tag: colon < 0 ? null : named.slice(colon + 1),
    digest: at < 0 ? null : rest.slice(at + 1),
  };
}

function isValid(written: string, { host, path, tag, digest }: Parts): boolean {
  if (/^[a-f0-9]{64}$/.test(written)) return false;
  return (
    (isHost(host) ? isPath(path) : isUnderscoredHost(host, path)) &&
    (tag === null || isTag(tag)) &&
    (digest === null || isDigest(digest))
  );
}

/** The grammar has no host with an underscore, but it lets `my_host.corp/app` pass as a path, and runtimes pull it. */
function isUnderscoredHost(host: string, path: string): boolean {
  return host.length + 1 + path.length <= longestPath && isPath(`${host}/${path}`);
}
