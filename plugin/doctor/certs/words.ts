import type { Certificate } from '../../../shared/cert/certificate.ts';
import { lifeOf, plainDuration, plainTime } from '../../../shared/cert/life.ts';
import type { Facts } from '../finding.ts';

/** What a person calls it: its common name, else its first other name, else its whole subject. */
export function nameOf(certificate: Certificate): string {
  const [first] = certificate.names;
  const { commonName, subject, serial } = certificate;
  return commonName || first?.slice(first.indexOf(':') + 1) || subject || `serial number ${serial}`;
}

/** The facts that every text about a certificate may use. */
export function certificateFacts(certificate: Certificate, now: Date): Facts {
  const { left, fraction } = lifeOf(certificate, now);
  const early = certificate.notBefore - now.getTime();
  return {
    subject: nameOf(certificate),
    issuer: certificate.issuer,
    starts: plainTime(certificate.notBefore),
    expires: plainTime(certificate.notAfter),
    left: plainDuration(early > 0 ? early : left),
    share: `${Math.floor(fraction * 100)}%`,
    names: certificate.names.map((name) => name.slice(name.indexOf(':') + 1)).join(', ') || 'no name at all',
    ...(certificate.weakHash === null ? {} : { hash: certificate.weakHash }),
  };
}

/** The lines by which a person recognises the certificate. */
export function evidenceOf(certificate: Certificate): string[] {
  return [
    `subject ${certificate.subject || '(empty)'}, issuer ${certificate.issuer || '(empty)'}`,
    `valid from ${plainTime(certificate.notBefore)} until ${plainTime(certificate.notAfter)}`,
    `SHA-256 fingerprint ${certificate.fingerprint}`,
  ];
}
