import { quote } from './quote.ts';
import { digestLengths, isHost, isPathComponent, isTag, longestPath, longestTag, officialPath } from './grammar.ts';
import type { Parts } from './reference.ts';

type Rule = (written: string, parts: Parts) => string | false;

/** What is wrong, most telling first. Each sentence says how to mend it. */
const rules: readonly Rule[] = [
  (written) => written === '' && 'the image is empty: write a name, such as nginx:1.27',
  (written) => written.trim() !== written && `there is white space around ${quote(written.trim())}: write it without`,
  (written) =>
    /\{\{|\$\(|\$\{|<[^<>]*>/.test(written) &&
    `${quote(written)} holds a placeholder that was never filled in: render it first`,
  (written) => {
    const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(written)?.[0];
    return (
      scheme !== undefined &&
      `an image has no scheme: write ${quote(written.slice(scheme.length))}, without ${quote(scheme)}`
    );
  },
  (written) => written.startsWith('/') && 'the image starts with a slash: remove it',
  (written) =>
    /^[a-f0-9]{64}$/.test(written) && 'a bare image id names no repository: write it as NAME@sha256:' + written,
  (written) => /\s/.test(written) && `there is white space inside ${quote(written)}: write the image without`,
  (_, { host }) => !isHost(host) && !isPathComponent(host) && whyHost(host),
  (written, { path }) => whyPath(path, written.includes('/') ? path : path.slice(officialPath.length)),
  (_, { host, path }) =>
    host.length + 1 + path.length > longestPath &&
    !isHost(host) &&
    `a host with an underscore counts as a part of the path, which has ${host.length + 1 + path.length} characters then, and at most ${longestPath} are allowed: shorten it`,
  (_, { tag }) => tag !== null && !isTag(tag) && whyTag(tag),
  (_, { digest }) => digest !== null && whyDigest(digest),
];

/** Why a reference that was found invalid is so: one sentence, never empty. */
export function whyInvalid(written: string, parts: Parts): string {
  for (const rule of rules) {
    const reason = rule(written, parts);
    if (reason !== false) return reason;
  }
  return `${quote(written)} is no image reference: write it as HOST/PATH:TAG`;
}

function whyHost(host: string): string {
  if (host.startsWith('[') && host.includes('%'))
    return `the IPv6 host ${quote(host)} has a zone: write the address without it`;
  if (host.startsWith('[')) return `the IPv6 host ${quote(host)} is malformed: write it as [ADDRESS]:PORT`;
  if ((host.match(/:/g) ?? []).length > 1)
    return `an IPv6 host stands in brackets: write [ADDRESS]:PORT, not ${quote(host)}`;
  const port = /:(.*)$/.exec(host)?.[1];
  if (port !== undefined && !/^[0-9]+$/.test(port))
    return `${quote(port)} is no port: a tag stands after the last path segment, and a port is a number`;
  if (host.includes('_')) return `a host has no underscore: give ${quote(host)} another name`;
  return `${quote(host)} is no host: use letters, digits, "-" and ".", beginning and ending each label with a letter or digit`;
}

/** `said` is the path as it was written, without the `library/` that a short name stands for. */
function whyPath(path: string, said: string): string | false {
  if (path === '' || path === officialPath) return 'there is no name after the host: write HOST/NAME:TAG';
  if (path.toLowerCase() !== path)
    return `a repository is lower-case: write ${quote(said.toLowerCase())} in place of ${quote(said)}`;
  if (path.length > longestPath)
    return `the path has ${path.length} characters and at most ${longestPath} are allowed: shorten it`;
  const wrong = path.split('/').find((segment) => !isPathComponent(segment));
  if (wrong === undefined) return false;
  if (wrong === '') return 'a path segment is empty: remove the doubled or trailing slash';
  const character = /[^a-z0-9._-]/.exec(wrong)?.[0];
  if (character !== undefined)
    return `${quote(character)} is not allowed in a repository: remove it from ${quote(wrong)}`;
  return `the path segment ${quote(wrong)} is malformed: begin and end it with a letter or digit, and put one ".", one or two "_" or any number of "-" between`;
}

function whyTag(tag: string): string {
  if (tag === '') return 'the tag after ":" is empty: write one, or remove the colon';
  if (tag.includes('/')) return `a tag has no slash: write the tag after the last path segment`;
  if (tag.length > longestTag)
    return `the tag has ${tag.length} characters and at most ${longestTag} are allowed: shorten it`;
  const character = /[^\w.-]/.exec(tag)?.[0];
  if (character !== undefined)
    return `${quote(character)} is not allowed in a tag: use letters, digits, "_", "." and "-" in place of ${quote(tag)}`;
  return `the tag ${quote(tag)} begins with a "." or "-": begin it with a letter, a digit or "_"`;
}

function whyDigest(digest: string): string | false {
  const [algorithm = '', hex] = digest.split(':', 2);
  if (digest === '' || hex === undefined || hex === '')
    return 'the digest after "@" is incomplete: write it as sha256:HEX';
  const length = digestLengths.get(algorithm);
  if (length === undefined)
    return `runtimes know no digest algorithm ${quote(algorithm)}: use ${[...digestLengths.keys()].join(', ')}`;
  if (/[A-F]/.test(hex)) return `the digest is lower-case: write ${quote(`${algorithm}:${hex.toLowerCase()}`)}`;
  if (hex.length !== length)
    return `a ${algorithm} digest has ${length} hexadecimal digits, this one has ${hex.length}: copy it whole`;
  return `${quote(hex)} is not hexadecimal: copy the digest again`;
}
