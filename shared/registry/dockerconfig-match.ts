import type { DockerConfigEntry } from './dockerconfig.ts';

/** Where an entry applies, whatever else is known of it. */
type Place = Pick<DockerConfigEntry, 'host' | 'path'>;

/**
 * The entries that the kubelet would try for a repository, in its order: the most specific first. `repository` is the
 * normalised `host/path`, as in `docker.io/library/nginx`.
 *
 * The rules are the kubelet's own: ports must be written the same, `*` stands for anything within one part of the host
 * name, and the path must begin with the entry's. An entry for `index.docker.io` counts for `docker.io`.
 */
export function entriesFor<Entry extends Place>(entries: readonly Entry[], repository: string): Entry[] {
  const slash = repository.indexOf('/');
  const host = slash < 0 ? repository : repository.slice(0, slash);
  const path = slash < 0 ? '' : repository.slice(slash);
  const found = entries
    .filter((entry) => hostMatches(entry.host, host) && path.startsWith(entry.path))
    .toSorted((a, b) => (a.host + a.path < b.host + b.path ? 1 : -1));
  if (found.length > 0 || host !== 'docker.io') return found;
  return entries.filter((entry) => entry.host === 'index.docker.io' && entry.path === '');
}

/** Whether a host pattern of a docker configuration covers a registry's host. */
export function hostMatches(pattern: string, host: string): boolean {
  const [patternName, patternPort] = splitPort(pattern);
  const [name, port] = splitPort(host);
  if (patternPort !== port) return false;
  const patternParts = patternName.split('.');
  const parts = name.split('.');
  return patternParts.length === parts.length && patternParts.every((part, at) => partMatches(part, parts[at] ?? ''));
}

function splitPort(host: string): [name: string, port: string] {
  const match = /^(?:\[(.*)\]|([^:]*)):(\d*)$/.exec(host);
  return match === null ? [host, ''] : [match[1] ?? match[2] ?? '', match[3] ?? ''];
}

/** Linear in the length of both, however many stars a hostile entry holds. */
function partMatches(pattern: string, part: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return pattern === part;
  if (!part.startsWith(first) || !part.endsWith(last) || part.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = part.indexOf(piece, at);
    if (next < 0) return false;
    at = next + piece.length;
  }
  return at <= part.length - last.length;
}
