import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

/** A certificate with its key, both as PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** What a leaf certificate says; the odd ones exist to be refused by a client. */
export interface LeafRequest {
  readonly commonName: string;
  readonly organization?: string;
  /** DNS names and IP addresses; none at all makes a certificate of the kind that only has a common name. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly digest?: 'sha256' | 'sha1';
  readonly bits?: number;
}

/** A certificate authority that lives as long as the test. */
export interface Authority extends Issued {
  issue(request: LeafRequest): Issued;
}

const day = 24 * 60 * 60 * 1000;

/** A self-signed authority; ten years unless told otherwise. */
export function createAuthority(commonName: string, validity: { notBefore?: Date; notAfter?: Date } = {}): Authority {
  const keys = newKeys(2048);
  const subject = [{ name: 'commonName', value: commonName }];
  const certificate = blank(keys.publicKey, validity, 3650 * day);
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return {
    certificate: forge.pki.certificateToPem(certificate),
    key: keys.pem,
    issue: (request) => issueLeaf(certificate, keys.privateKey, request),
  };
}

/** A key pair of its own, as PEM, such as service-account tokens are signed with. */
export function createKeyPair(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}

function issueLeaf(issuer: forge.pki.Certificate, issuerKey: forge.pki.rsa.PrivateKey, request: LeafRequest): Issued {
  const keys = newKeys(request.bits ?? 2048);
  const certificate = blank(keys.publicKey, request, 365 * day);
  const organization =
    request.organization === undefined ? [] : [{ name: 'organizationName', value: request.organization }];
  certificate.setSubject([...organization, { name: 'commonName', value: request.commonName }]);
  certificate.setIssuer(issuer.subject.attributes);
  const names = request.names ?? [];
  const altNames = names.map((name) => (isAddress(name) ? { type: 7, ip: name } : { type: 2, value: name }));
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames }]),
  ]);
  certificate.sign(issuerKey, forge.md[request.digest ?? 'sha256'].create());
  return { certificate: forge.pki.certificateToPem(certificate), key: keys.pem };
}

function blank(
  publicKey: forge.pki.rsa.PublicKey,
  validity: { readonly notBefore?: Date; readonly notAfter?: Date },
  lifetime: number,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  // The first byte keeps the number positive and its encoding the shortest, which Go insists on.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = validity.notBefore ?? new Date(Date.now() - 60 * 60 * 1000);
  certificate.validity.notAfter = validity.notAfter ?? new Date(Date.now() + lifetime);
  return certificate;
}

function newKeys(bits: number): {
  publicKey: forge.pki.rsa.PublicKey;
  privateKey: forge.pki.rsa.PrivateKey;
  pem: string;
} {
  // OpenSSL makes keys a hundred times faster than forge does.
  const pair = generateKeyPairSync('rsa', { modulusLength: bits });
  const pem = pair.privateKey.export({ type: 'pkcs1', format: 'pem' });
  const privateKey = forge.pki.privateKeyFromPem(pem);
  return { publicKey: forge.pki.setRsaPublicKey(privateKey.n, privateKey.e), privateKey, pem };
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/v.test(name) || name.includes(':');
}
