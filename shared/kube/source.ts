import { withoutSecrets } from '../secret-text.ts';
import { record, text, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** Where a controller fetches from: a GitRepository, OCIRepository, HelmRepository or Bucket of Flux. */
export interface Source {
  readonly kind: string;
  readonly meta: Meta;
  /** Without user, password, query and fragment. */
  readonly url: string;
  readonly host: string;
  /** A suspended one fetches nothing. */
  readonly suspended: boolean;
}

/** Items of a list do not say their kind, so it is given. */
export function readSource(kind: string): (raw: Json) => Source {
  return (raw) => {
    const spec = record(raw['spec']);
    const url = plainUrl(text(spec['url']) ?? text(spec['endpoint']) ?? '');
    return { kind, meta: readMeta(raw), url, host: hostOf(url), suspended: spec['suspend'] === true };
  };
}

/** An address as it may be shown: `https://host/path`; `git@host:path` loses its user. */
export function plainUrl(address: string): string {
  if (URL.canParse(address) && address.includes('://')) {
    const { protocol, host, pathname } = new URL(address);
    return withoutSecrets(`${protocol}//${host}${pathname === '/' ? '' : pathname}`);
  }
  return withoutSecrets(address.replace(/^[^@/]*@/, ''));
}

/** The host of a plain address, with its port where one is written. */
function hostOf(url: string): string {
  return url.replace(/^[a-z0-9+.-]+:\/\//i, '').split(/[/:](?!\d)/)[0] ?? '';
}
