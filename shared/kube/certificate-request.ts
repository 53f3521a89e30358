import { readConditions, type Condition } from './condition.ts';
import { record, text, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** A CertificateSigningRequest; the request itself is not kept, only what became of it. */
export interface CertificateRequest {
  readonly meta: Meta;
  readonly signer: string;
  /** Who asked: `system:node:worker-1`. */
  readonly username: string;
  /** Approved, Denied and Failed; none while it waits for somebody. */
  readonly conditions: readonly Condition[];
  readonly issued: boolean;
}

export function readCertificateRequest(raw: Json): CertificateRequest {
  const spec = record(raw['spec']);
  return {
    meta: readMeta(raw),
    signer: text(spec['signerName']) ?? '',
    username: text(spec['username']) ?? '',
    conditions: readConditions(raw),
    issued: text(record(raw['status'])['certificate']) !== undefined,
  };
}
