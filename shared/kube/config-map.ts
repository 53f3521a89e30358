import { readBundle, type Bundle } from '../cert/bundle.ts';
import { readForwards, type Forward } from './corefile.ts';
import { textMap, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** A ConfigMap that publishes certificates or forwards questions for names; its other entries are not kept. */
export interface ConfigMap {
  readonly meta: Meta;
  readonly forwards: readonly Forward[];
  readonly bundles: readonly { readonly key: string; readonly bundle: Bundle }[];
}

/** Undefined for a ConfigMap with neither. */
export function readConfigMap(raw: Json): ConfigMap | undefined {
  const bundles = Object.entries(textMap(raw['data']))
    .filter(([, value]) => value.includes('-----BEGIN CERTIFICATE-----'))
    .map(([key, value]) => ({ key, bundle: readBundle(value) }));
  const forwards = readForwards(textMap(raw['data'])['Corefile'] ?? '');
  return bundles.length + forwards.length === 0 ? undefined : { meta: readMeta(raw), bundles, forwards };
}
