import { readBundle, type Bundle } from '../cert/bundle.ts';
import { textMap, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** A ConfigMap that publishes certificates; its other entries are not kept. */
export interface CaConfigMap {
  readonly meta: Meta;
  readonly bundles: readonly { readonly key: string; readonly bundle: Bundle }[];
}

/** Undefined for a ConfigMap without a certificate. */
export function readCaConfigMap(raw: Json): CaConfigMap | undefined {
  const bundles = Object.entries(textMap(raw['data']))
    .filter(([, value]) => value.includes('-----BEGIN CERTIFICATE-----'))
    .map(([key, value]) => ({ key, bundle: readBundle(value) }));
  return bundles.length === 0 ? undefined : { meta: readMeta(raw), bundles };
}
