import { readCertificate, type Certificate } from './certificate.ts';
import { pemBlocks, pemOf } from './pem.ts';

/** The certificates of a PEM text. */
export interface Bundle {
  /** In order, each once. */
  readonly certificates: readonly Certificate[];
  /** What of the text could not be read, one clause each: "block 3 is not a certificate". */
  readonly problems: readonly string[];
}

/** A system's trust store has about 150; beyond this a text is no bundle any more, and reading it costs seconds. */
const mostCertificates = 1000;
const mostProblems = 5;

/** Reads every certificate of a text. Never throws; what is no certificate is a problem, and the rest is read. */
export function readBundle(pem: string): Bundle {
  const certificates = new Map<string, Certificate>();
  const problems: string[] = [];
  let position = 0;
  for (const { label, body } of pemBlocks(pem)) {
    position += 1;
    if (label !== 'CERTIFICATE') continue;
    const certificate = remembered(body);
    if (certificate !== undefined) certificates.set(certificate.fingerprint, certificate);
    else if (problems.length < mostProblems) problems.push(`block ${position} is not a certificate`);
    if (certificates.size >= mostCertificates) {
      problems.push(`only the first ${mostCertificates} certificates were read`);
      break;
    }
  }
  if (certificates.size === 0 && problems.length === 0) problems.push(nothingThere(pem, position));
  return { certificates: [...certificates.values()], problems };
}

/**
 * What may be kept of a text that may hold keys: its certificates, written anew. Everything else is replaced by a
 * stand-in, so that `readBundle` of what is left gives the same certificates and the same problems.
 */
export function onlyCertificates(text: string): string {
  let out = '';
  let blocks = 0;
  for (const { label, body } of pemBlocks(text)) {
    blocks += 1;
    if (blocks > mostCertificates * 2) break;
    const certificate = label === 'CERTIFICATE' ? remembered(body) : undefined;
    out += pemOf(label === 'CERTIFICATE' ? label : 'REMOVED', certificate?.der ?? new Uint8Array(0));
  }
  if (blocks > 0 || text.trim() === '') return out;
  return text.startsWith(base64OfPem) ? base64OfPem : 'removed';
}

const base64OfPem = 'LS0tLS1CRUdJTi';

/**
 * One CA stands in a ConfigMap of every namespace: reading it once instead of ten thousand times is most of the work.
 * Keyed by the text, so the memory can never change an answer.
 */
const memory = new Map<string, Certificate | undefined>();
const memorySize = 4096;

function remembered(body: string): Certificate | undefined {
  const known = memory.get(body);
  if (known !== undefined || memory.has(body)) return known;
  if (memory.size >= memorySize) memory.clear();
  const certificate = readBase64(body);
  memory.set(body, certificate);
  return certificate;
}

function readBase64(body: string): Certificate | undefined {
  const packed = body.replaceAll(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(packed) ? readCertificate(Buffer.from(packed, 'base64')) : undefined;
}

function nothingThere(pem: string, blocks: number): string {
  if (pem.trim() === '') return 'it is empty';
  if (blocks > 0) return 'it holds PEM, but no certificate';
  if (pem.startsWith(base64OfPem)) return 'it is base64 of base64: encoded once too often';
  return 'it is no PEM text';
}
