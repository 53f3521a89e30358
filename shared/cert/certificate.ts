import { X509Certificate } from 'node:crypto';
import { weakHash, type WeakHash } from './signature.ts';

/** A certificate as plain facts. Times are milliseconds since 1970. */
export interface Certificate {
  /** One line, as the certificate orders it: `O=corp, CN=web`; empty where the subject is. */
  readonly subject: string;
  readonly commonName: string;
  readonly issuer: string;
  /** Subject alternative names with their type: `DNS:web.corp`, `IP:10.0.0.1`. */
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly key: Key;
  /** The hash of the signature where it is a broken one. */
  readonly weakHash: WeakHash | null;
  readonly ca: boolean;
  /** The issuer's name is its own; whether it also signed itself only `signedBy` knows. */
  readonly selfIssued: boolean;
  /** Object identifiers of its extended key usages; empty where it has none, which allows every use. */
  readonly usages: readonly string[];
  readonly serial: string;
  /** SHA-256 of the whole certificate, as colon-separated hex. */
  readonly fingerprint: string;
  readonly der: Uint8Array;
}

export interface Key {
  /** `rsa`, `rsa-pss`, `ec`, `ed25519`…, or `unknown` where the algorithm is not known here. */
  readonly type: string;
  /** Length of the modulus; null for keys that have none. */
  readonly bits: number | null;
  /** `prime256v1`…; null for keys that have none. */
  readonly curve: string | null;
}

export const serverAuth = '1.3.6.1.5.5.7.3.1';
export const clientAuth = '1.3.6.1.5.5.7.3.2';
const anyUsage = '2.5.29.37.0';

/** Reads one certificate; undefined for bytes that are none. Never throws. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  try {
    const x509 = new X509Certificate(der);
    const subject = oneLine(x509.subject);
    const issuer = oneLine(x509.issuer);
    return {
      subject,
      commonName: commonName(x509.subject),
      issuer,
      names: alternativeNames(x509.subjectAltName ?? ''),
      notBefore: Date.parse(x509.validFrom),
      notAfter: Date.parse(x509.validTo),
      key: readKey(x509),
      weakHash: weakHash(x509.raw),
      ca: x509.ca,
      selfIssued: subject === issuer,
      usages: x509.keyUsage ?? [],
      serial: x509.serialNumber,
      fingerprint: x509.fingerprint256,
      der: new Uint8Array(x509.raw),
    };
  } catch {
    return undefined;
  }
}

/** Whether `issuer`'s key signed `certificate`: by names, key identifiers and the signature itself. */
export function signedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (certificate.issuer !== issuer.subject) return false;
  const pair = `${certificate.fingerprint} ${issuer.fingerprint}`;
  const known = verdicts.get(pair);
  if (known !== undefined) return known;
  if (verdicts.size >= verdictsKept) verdicts.clear();
  const verdict = verify(certificate, issuer);
  verdicts.set(pair, verdict);
  return verdict;
}

/** Several checks ask the same of the same two certificates, and the answer never changes. */
const verdicts = new Map<string, boolean>();
const verdictsKept = 4096;

function verify(certificate: Certificate, issuer: Certificate): boolean {
  try {
    const child = new X509Certificate(certificate.der);
    const parent = new X509Certificate(issuer.der);
    return child.checkIssued(parent) && child.verify(parent.publicKey);
  } catch {
    return false;
  }
}

/** Whether a Go client would accept the certificate for this host name or IP address: by its SANs alone, never the CN. */
export function isFor(certificate: Certificate, host: string): boolean {
  if (/^[\d.]+$|:/.test(host)) return hasAddress(certificate, host);
  const parts = host.toLowerCase().replace(/\.$/, '').split('.');
  return certificate.names.some((name) => {
    if (!name.startsWith('DNS:')) return false;
    const pattern = name.slice(4).toLowerCase().replace(/\.$/, '').split('.');
    return (
      pattern.length === parts.length &&
      pattern.every((label, at) => label === parts[at] || (at === 0 && label === '*' && parts.length > 1))
    );
  });
}

/** Left to OpenSSL, because one IPv6 address has many spellings. */
function hasAddress(certificate: Certificate, address: string): boolean {
  try {
    return new X509Certificate(certificate.der).checkIP(address) !== undefined;
  } catch {
    return false;
  }
}

/** Whether its extended key usages allow this one. */
export function mayBeUsedFor(certificate: Certificate, usage: string): boolean {
  return certificate.usages.length === 0 || certificate.usages.includes(usage) || certificate.usages.includes(anyUsage);
}

function readKey(x509: X509Certificate): Key {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = x509.publicKey;
    return {
      type: asymmetricKeyType ?? 'unknown',
      bits: asymmetricKeyDetails?.modulusLength ?? null,
      curve: asymmetricKeyDetails?.namedCurve ?? null,
    };
  } catch {
    return { type: 'unknown', bits: null, curve: null };
  }
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function commonName(subject: string | undefined): string {
  const line = (subject ?? '').split('\n').findLast((part) => part.startsWith('CN='));
  return line?.slice(3) ?? '';
}

/** Node prints `DNS:a, IP Address:10.0.0.1` and quotes a name that holds a comma or another sign of its own. */
function alternativeNames(printed: string): string[] {
  return [...printed.matchAll(/([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)].map(
    ([, type = '', value = '']) => `${type === 'IP Address' ? 'IP' : type}:${value}`,
  );
}
