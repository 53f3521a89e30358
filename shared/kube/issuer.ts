import { readConditions, type Condition } from './condition.ts';
import { record, text, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** A cert-manager Issuer or ClusterIssuer. */
export interface Issuer {
  readonly meta: Meta;
  /** The ACME server that it asks; empty where it is of another type. */
  readonly acmeServer: string;
  readonly ready?: Condition;
}

export function readIssuer(raw: Json): Issuer {
  const ready = readConditions(raw).find((condition) => condition.type === 'Ready');
  return {
    meta: readMeta(raw),
    acmeServer: text(record(record(raw['spec'])['acme'])['server']) ?? '',
    ...(ready === undefined ? {} : { ready }),
  };
}
