import { clientAuth, mayBeUsedFor, serverAuth, type Certificate } from '../../../shared/cert/certificate.ts';
import { lifeOf } from '../../../shared/cert/life.ts';
import type { CauseId } from '../causes/ids.ts';
import type { Facts, Finding, Severity } from '../finding.ts';
import type { Holder } from './holder.ts';
import { certificateFacts, evidenceOf } from './words.ts';

/** What is wrong with a certificate by itself, wherever it stands: its dates, its key, its signature, its names. */
export function judgeCertificate(certificate: Certificate, holder: Holder, now: Date): Finding[] {
  const findings: Finding[] = [];
  const add = (cause: CauseId, facts: Facts = {}, severity?: Severity): void => {
    findings.push(about(cause, certificate, holder, now, facts, severity));
  };
  const { stage } = lifeOf(certificate, now, holder.automatic ? 'automatic' : 'by-hand');
  if (stage === 'expired') add('cert-expired');
  if (stage === 'not-yet-valid') add('cert-not-yet-valid');
  if (stage === 'expiring') add('cert-expiring');
  if (stage === 'expiring-soon') add('cert-expiring', {}, 'error');
  const { bits } = certificate.key;
  if (bits !== null && bits < 2048) add('cert-weak-key', { bits: String(bits) }, bits < 1024 ? 'error' : 'warning');
  // Nobody checks the signature by which a root vouches for itself.
  if (certificate.weakHash !== null && !(certificate.ca && certificate.selfIssued)) add('cert-sha1');
  if (isNamelessServer(certificate)) add('cert-no-san');
  return findings;
}

/** One finding about a certificate in its place. */
export function about(
  cause: CauseId,
  certificate: Certificate,
  holder: Holder,
  now: Date,
  facts: Facts = {},
  severity?: Severity,
): Finding {
  return {
    cause,
    ...(severity === undefined ? {} : { severity }),
    confidence: 'certain',
    facts: {
      where: holder.where,
      renew: holder.renew,
      ...holder.details,
      ...certificateFacts(certificate, now),
      ...facts,
    },
    evidence: evidenceOf(certificate),
    objects: holder.objects,
  };
}

/** Only a certificate that is meant for a server needs names; one that may be used by clients often is one of theirs. */
function isNamelessServer(certificate: Certificate): boolean {
  const forServers = certificate.usages.includes(serverAuth) && !mayBeUsedFor(certificate, clientAuth);
  return forServers && !certificate.ca && certificate.names.length === 0;
}
