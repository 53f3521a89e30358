import { generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** A certificate and its key, PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

const day = 86_400_000;
const leafDays = 90;
const caDays = 730;
/** Clocks of nodes differ a little. */
const early = 3_600_000;

/** The common name of every authority made here. */
const authorityName = 'airgap-webhook-ca';

/** A new authority. RSA, for that is what can be issued here; keys are made off the main thread. */
export async function newAuthority(now: Date): Promise<Issued> {
  const key = await newKey();
  const certificate = blank(now, caDays, key.publicKey);
  const name = [
    { name: 'commonName', value: authorityName },
    { name: 'serialNumber', value: randomBytes(4).toString('hex') },
  ];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(key.privateKey, forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: key.pem };
}

/** A serving certificate for names and addresses, signed by an authority. */
export async function newLeaf(authority: Issued, names: readonly string[], now: Date): Promise<Issued> {
  const key = await newKey();
  const issuer = forge.pki.certificateFromPem(authority.cert);
  const certificate = blank(now, leafDays, key.publicKey);
  certificate.setSubject([{ name: 'commonName', value: (names[0] ?? '').slice(0, 64) }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
    },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(authority.key), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: key.pem };
}

function blank(now: Date, days: number, publicKey: forge.pki.PublicKey): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  // Positive, as RFC 5280 wants it.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(now.getTime() - early);
  certificate.validity.notAfter = new Date(now.getTime() + days * day);
  return certificate;
}

async function newKey(): Promise<{
  pem: string;
  privateKey: forge.pki.rsa.PrivateKey;
  publicKey: forge.pki.PublicKey;
}> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' });
  const read = forge.pki.privateKeyFromPem(pem);
  return { pem, privateKey: read, publicKey: forge.pki.setRsaPublicKey(read.n, read.e) };
}

/** What has to be made anew: nothing, the leaf at a third of its life, or the authority before a leaf would outlive it. */
export function due(
  authority: Issued | null,
  leaf: Issued | null,
  names: readonly string[],
  now: Date,
): 'nothing' | 'leaf' | 'authority' {
  const ca = read(authority);
  if (ca === null || ca.validToDate.getTime() - now.getTime() < (leafDays + 30) * day) return 'authority';
  const serving = read(leaf);
  if (serving === null || !serving.checkIssued(ca) || !serving.verify(ca.publicKey)) return 'leaf';
  if (names.some((name) => (isIP(name) === 0 ? serving.checkHost(name) : serving.checkIP(name)) === undefined))
    return 'leaf';
  const renewal = serving.validFromDate.getTime() + (leafDays * day) / 3;
  return now.getTime() > renewal ? 'leaf' : 'nothing';
}

function read(issued: Issued | null): X509Certificate | null {
  try {
    return issued === null ? null : new X509Certificate(issued.cert);
  } catch {
    return null;
  }
}

const mostAuthorities = 4;

/**
 * The authorities that clients should trust: the current one first, then earlier ones of ours that have not ended, for
 * another replica may still serve a leaf of theirs.
 */
export function bundleOf(current: string, published: string, now: Date): string {
  const earlier = (published.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).filter(
    (pem) => {
      const certificate = read({ cert: pem, key: '' });
      return (
        certificate !== null && certificate.subject.includes(`CN=${authorityName}`) && certificate.validToDate > now
      );
    },
  );
  return [...new Set([current, ...earlier].map((pem) => pem.replaceAll('\r', '').trim()))]
    .slice(0, mostAuthorities)
    .map((pem) => `${pem}\n`)
    .join('');
}
