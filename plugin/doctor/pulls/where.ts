import { hostOf, sameRegistry } from './reference.ts';
import type { Layer } from './unwrap.ts';

/**
 * Who the host that failed is: the registry of the reference, a mirror in its place, the object store or CDN that a
 * download was redirected to, the service that hands out tokens, or the proxy on the way.
 */
export type Role = 'registry' | 'mirror' | 'redirect' | 'token' | 'proxy';

export interface Where {
  readonly role: Role;
  /** With its port where the message has one; undefined where neither message nor reference names any. */
  readonly host?: string;
  /** The registry of the reference. */
  readonly upstream?: string;
}

/**
 * Decides which host failed from the layers, the URLs in the order of the message, and the image's reference.
 * `marked`: the runtime marks requests to a mirror (`ns=`), so that what has no mark went to a redirect.
 */
export function where(
  layers: readonly Layer[],
  urls: readonly string[],
  image: string | undefined,
  marked: boolean,
): Where {
  const upstream = image === undefined ? undefined : hostOf(image);
  const known = upstream === undefined ? {} : { upstream };
  const has = (name: Layer['name']): boolean => layers.some((layer) => layer.name === name);

  if (has('proxy')) {
    const proxy = last(layers, 'lookup', 'name') ?? last(layers, 'dial', 'address');
    return { role: 'proxy', ...(proxy === undefined ? {} : { host: proxy }), ...known };
  }
  const url = parse(urls.at(-1));
  const host = url?.host ?? last(layers, 'lookup', 'name') ?? upstream;
  const at = { ...(host === undefined ? {} : { host }), ...known };
  if (has('token') || has('anonymous-token') || has('bearer-token') || (url !== undefined && isTokenService(url)))
    return { role: 'token', ...at };
  if (url === undefined || upstream === undefined || sameRegistry(url.host, upstream))
    return { role: 'registry', ...at };
  const toMirror = marked ? url.searchParams.has('ns') : isRegistryPath(url);
  return { role: toMirror ? 'mirror' : 'redirect', ...at };
}

function last(layers: readonly Layer[], name: Layer['name'], fact: string): string | undefined {
  const value = layers.findLast((layer) => layer.name === name && layer.facts[fact] !== undefined)?.facts[fact];
  return value === '' ? undefined : value;
}

function parse(text: string | undefined): URL | undefined {
  return text === undefined ? undefined : (URL.parse(text) ?? undefined);
}

/**
 * A mirror is asked with the registry's own paths, under `/v2/` or a prefix that ends in it; containerd adds `ns`. Object
 * stores hold blobs under paths of their own, which may have a `v2` in them.
 */
function isRegistryPath(url: URL): boolean {
  return url.searchParams.has('ns') || /\/v2\/(?:$|.+\/(?:manifests|blobs)\/[^/]+$)/.test(url.pathname);
}

function isTokenService(url: URL): boolean {
  return (
    !isRegistryPath(url) &&
    (url.searchParams.has('service') ||
      url.searchParams.has('scope') ||
      /\/(?:token|oauth2?|auth)\b/.test(url.pathname))
  );
}
