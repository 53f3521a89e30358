import { readConditions, type Condition } from './condition.ts';
import { number, record, text, texts, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** A cert-manager `Certificate`: what is to be kept in a Secret, and how that goes. */
export interface ManagedCertificate {
  readonly meta: Meta;
  readonly secretName: string;
  readonly issuer: { readonly kind: string; readonly name: string };
  readonly dnsNames: readonly string[];
  /** RFC 3339; empty where nothing is issued yet. */
  readonly notAfter: string;
  readonly renewalTime: string;
  readonly ready?: Condition;
  readonly issuing?: Condition;
  readonly failedAttempts: number;
}

export function readManagedCertificate(raw: Json): ManagedCertificate {
  const spec = record(raw['spec']);
  const status = record(raw['status']);
  const issuer = record(spec['issuerRef']);
  const conditions = readConditions(raw);
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const issuing = conditions.find((condition) => condition.type === 'Issuing');
  return {
    meta: readMeta(raw),
    secretName: text(spec['secretName']) ?? '',
    issuer: { kind: text(issuer['kind']) ?? 'Issuer', name: text(issuer['name']) ?? '' },
    dnsNames: texts(spec['dnsNames']),
    notAfter: text(status['notAfter']) ?? '',
    renewalTime: text(status['renewalTime']) ?? '',
    ...(ready === undefined ? {} : { ready }),
    ...(issuing === undefined ? {} : { issuing }),
    failedAttempts: number(status['failedIssuanceAttempts']) ?? 0,
  };
}
