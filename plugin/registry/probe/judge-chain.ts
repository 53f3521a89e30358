import type { X509Certificate } from 'node:crypto';
import { isFor, readCertificate, type Certificate } from '../../../shared/cert/certificate.ts';
import { verifyChain } from '../../../shared/cert/chain.ts';
import type { ProbeStep } from '../../../shared/registry/probe.ts';
import type { Trust } from '../wire.ts';
import type { Handshake } from './handshake.ts';
import { failed, passed } from './steps.ts';

/**
 * Chain, dates and names, each judged on its own: OpenSSL tells only one of them, and an expired certificate from an
 * unknown authority needs two cures.
 */
export function judgeChain(handshake: Handshake, url: URL, trust: Trust, now: Date): ProbeStep[] {
  const chain = handshake.chain.flatMap((x509) => readCertificate(x509.raw) ?? []);
  const leaf = chain[0];
  if (leaf === undefined) return [failed('chain', url.host, 'handshake', 'its certificate cannot be read')];
  return [judgeTrust(handshake, chain, leaf, url, trust, now), judgeDates(chain, url, now), judgeNames(leaf, url)];
}

function judgeTrust(
  { verdict }: Handshake,
  chain: readonly Certificate[],
  leaf: Certificate,
  url: URL,
  trust: Trust,
  now: Date,
): ProbeStep {
  const unknown = failed('chain', url.host, 'unknown-authority', whySigned(leaf, chain));
  if (verdict === null) return passed('chain', url.host, `signed by ${leaf.issuer}`);
  if (verdict.fault === 'unknown-authority') return unknown;
  if (verdict.fault === 'expired' || verdict.fault === 'not-yet-valid') {
    // OpenSSL stopped at the date; whether anybody here knows the authority is still open.
    const roots = rootsFor(chain, trust);
    const found = verifyChain(leaf, chain.slice(1), roots, now);
    return !found.trusted && found.why === 'unknown-authority'
      ? unknown
      : passed('chain', url.host, `signed by ${leaf.issuer}`);
  }
  const named = verdict.fault === 'wrong-name' || verdict.fault === 'common-name-only';
  return named
    ? passed('chain', url.host, `signed by ${leaf.issuer}`)
    : failed('chain', url.host, verdict.fault, verdict.detail);
}

/** The trusted certificates that one of the chain may be signed by; reading all of a system's store takes half a second. */
function rootsFor(chain: readonly Certificate[], trust: Trust): Certificate[] {
  const names = chain.map(({ issuer }) => Buffer.from(issuer.slice(issuer.lastIndexOf('=') + 1)));
  return trust.authorities().flatMap((pem) => {
    const der = Buffer.from(pem.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64');
    return names.some((name) => der.includes(name)) ? (readCertificate(der) ?? []) : [];
  });
}

function whySigned(leaf: Certificate, chain: readonly Certificate[]): string {
  const top = chain.at(-1) ?? leaf;
  if (leaf.selfIssued) return `its certificate ${leaf.subject} is self-signed and not among the trusted ones`;
  const by = top.selfIssued ? top.subject : top.issuer;
  return `its certificate ${leaf.subject || leaf.names[0] || 'without a name'} is signed by ${by}, which is not trusted here`;
}

function judgeDates(chain: readonly Certificate[], url: URL, now: Date): ProbeStep {
  const time = now.getTime();
  for (const [at, certificate] of chain.entries()) {
    const which = at === 0 ? 'its certificate' : `the authority ${certificate.subject}`;
    if (time > certificate.notAfter)
      return failed('dates', url.host, 'expired', `${which} expired at ${iso(certificate.notAfter)}`);
    if (time < certificate.notBefore)
      return failed('dates', url.host, 'not-yet-valid', `${which} is not valid before ${iso(certificate.notBefore)}`);
  }
  return passed('dates', url.host, `valid until ${iso(Math.min(...chain.map(({ notAfter }) => notAfter)))}`);
}

function judgeNames(leaf: Certificate, url: URL): ProbeStep {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (leaf.names.length === 0) {
    const detail = `its certificate has the common name ${leaf.commonName || '(none)'} and no subject alternative name`;
    return failed('names', url.host, 'common-name-only', detail);
  }
  if (isFor(leaf, hostname)) return passed('names', url.host, `it names ${hostname}`);
  return failed('names', url.host, 'wrong-name', `its certificate is for ${listed(leaf.names)}, not for ${hostname}`);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => name.replace(/^(?:DNS|IP):/, ''));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

/** To the second; a certificate has no finer time. */
function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** Public certificates as PEM, as they go into the document. */
export function pemsOf(chain: readonly X509Certificate[]): string[] {
  return chain.map((certificate) => certificate.toString());
}
