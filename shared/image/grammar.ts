/**
 * The distribution reference grammar, part by part, as container runtimes read it (distribution/reference 0.6). A
 * reference is cut into host, path, tag and digest first and each part is matched on its own, so that a message can say
 * which part is wrong. Every pattern takes linear time: image strings come from anybody who may create a pod.
 */

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';

/** A host name, an IPv4 address or a bracketed IPv6 address, with or without a port. */
const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const hostPattern = new RegExp(`^${host}$`);
const componentPattern = new RegExp(`^${component}$`);
const pathPattern = new RegExp(`^${component}(?:/${component})*$`);
const tag = '\\w[\\w.-]{0,127}';
const tagPattern = new RegExp(`^${tag}$`);

/** Hexadecimal digits of each digest algorithm that runtimes accept. */
export const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** The text of the patterns, for whoever writes them in another language: they are of the part that RE2 shares. */
export const patterns = { host, component, tag } as const;

/** Characters of a repository path, without the host. */
export const longestPath = 255;
export const longestTag = 128;
export const defaultHost = 'docker.io';
export const officialPath = 'library/';

export const isHost = (part: string): boolean => hostPattern.test(part);
export const isPath = (part: string): boolean => part.length <= longestPath && pathPattern.test(part);
export const isPathComponent = (part: string): boolean => componentPattern.test(part);
export const isTag = (part: string): boolean => tagPattern.test(part);

export function isDigest(part: string): boolean {
  const colon = part.indexOf(':');
  const hex = part.slice(colon + 1);
  return colon > 0 && digestLengths.get(part.slice(0, colon)) === hex.length && /^[a-f0-9]+$/.test(hex);
}

/** Whether a first segment names a registry: anything else is an organisation on Docker Hub. */
export function looksLikeHost(segment: string): boolean {
  return segment === 'localhost' || /[.:]/.test(segment) || segment.toLowerCase() !== segment;
}
