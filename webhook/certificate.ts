import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../shared/errors.ts';

/** A certificate chain with its key, found to fit each other. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export type ReadCertificate =
  | { readonly ok: true; readonly certificate: ServingCertificate }
  | { readonly ok: false; readonly problem: string };

/** Reads PEM texts; what the TLS library would refuse later is refused here. */
export function readCertificate(cert: string, key: string): ReadCertificate {
  try {
    createSecureContext({ cert, key });
    const { validFromDate, validToDate } = new X509Certificate(cert);
    return { ok: true, certificate: { cert, key, notBefore: validFromDate, notAfter: validToDate } };
  } catch (error) {
    return { ok: false, problem: `certificate and key cannot be used: ${messageOf(error)}` };
  }
}

/** Why a certificate does not serve now; null where it does. */
export function whyUnusable({ notBefore, notAfter }: ServingCertificate, now: Date): string | null {
  if (now > notAfter) return `the serving certificate ended at ${notAfter.toISOString()}`;
  if (now < notBefore) return `the serving certificate is not valid before ${notBefore.toISOString()}`;
  return null;
}
