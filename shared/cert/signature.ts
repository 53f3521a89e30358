/** A hash that Go, and with it every Kubernetes component, no longer accepts in a certificate's signature. */
export type WeakHash = 'MD5' | 'SHA-1';

const weak: Readonly<Record<string, WeakHash>> = {
  '1.2.840.113549.1.1.4': 'MD5',
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.3.14.3.2.29': 'SHA-1',
  '1.2.840.10040.4.3': 'SHA-1',
  '1.2.840.10045.4.1': 'SHA-1',
};

/**
 * The hash of a certificate's signature where it is a broken one, else null. Read from the DER (RFC 5280 section
 * 4.1.1.2), because X509Certificate tells it only from Node 24 on.
 */
export function weakHash(der: Uint8Array): WeakHash | null {
  const certificate = element(der, 0);
  const toBeSigned = certificate && element(der, certificate.start);
  const algorithm = toBeSigned && element(der, toBeSigned.end);
  const identifier = algorithm && element(der, algorithm.start);
  if (identifier?.tag !== 0x06) return null;
  return weak[objectIdentifier(der.subarray(identifier.start, identifier.end))] ?? null;
}

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

function element(der: Uint8Array, at: number): Element | undefined {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return bounded(der, tag, at + 2, first);
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  let length = 0;
  for (let i = 0; i < count; i += 1) length = length * 256 + (der[at + 2 + i] ?? 0);
  return bounded(der, tag, at + 2 + count, length);
}

function bounded(der: Uint8Array, tag: number, start: number, length: number): Element | undefined {
  return start + length <= der.length ? { tag, start, end: start + length } : undefined;
}

function objectIdentifier(bytes: Uint8Array): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else arcs.push(value);
    value = 0;
  }
  return arcs.join('.');
}
