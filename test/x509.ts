import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/**
 * Makes real X.509 certificates for tests: any key type, any dates, any hash. Written out as DER (RFC 5280), because
 * node-forge issues only RSA and openssl's command line cannot set the first date in the versions that are common.
 */
export interface Issued {
  readonly pem: string;
  readonly keyPem: string;
  readonly key: KeyObject;
  /** The subject as DER, which is the issuer of what it signs. */
  readonly name: Uint8Array;
}

export interface Wanted {
  readonly cn?: string;
  readonly org?: string;
  /** `DNS:a.corp` or `IP:10.0.0.1`. */
  readonly names?: readonly string[];
  readonly from?: Date;
  readonly until?: Date;
  readonly ca?: boolean;
  readonly key?: 'ec' | 'rsa' | 'rsa1024' | 'ed25519' | KeyObject;
  readonly hash?: 'sha256' | 'sha1';
  readonly usages?: readonly ('server' | 'client')[];
  readonly by?: Issued;
}

const day = 86_400_000;

export function issue(wanted: Wanted, now = new Date()): Issued {
  const key = keyOf(wanted.key ?? 'ec');
  const by = wanted.by;
  const name = nameOf(wanted.cn, wanted.org);
  const signer = by?.key ?? key.privateKey;
  const hash = wanted.hash ?? 'sha256';
  const algorithm = algorithmOf(signer, hash);
  const extensions = [
    ...(wanted.ca === true ? [extension('2.5.29.19', sequence(tlv(0x01, Buffer.of(0xff))), true)] : []),
    ...(wanted.names === undefined || wanted.names.length === 0
      ? []
      : [extension('2.5.29.17', sequence(...wanted.names.map(alternativeName)))]),
    ...(wanted.usages === undefined
      ? []
      : [
          extension(
            '2.5.29.37',
            sequence(
              ...wanted.usages.map((usage) => oid(usage === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2')),
            ),
          ),
        ]),
  ];
  const serial = randomBytes(8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, serial),
    algorithm,
    by?.name ?? name,
    sequence(
      time(wanted.from ?? new Date(now.getTime() - day)),
      time(wanted.until ?? new Date(now.getTime() + 365 * day)),
    ),
    name,
    key.spki,
    ...(extensions.length === 0 ? [] : [tlv(0xa3, sequence(...extensions))]),
  );
  const signature = sign(signer.asymmetricKeyType === 'ed25519' ? null : hash, body, signer);
  const der = sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.of(0), signature])));
  return {
    pem: pem('CERTIFICATE', der),
    get keyPem() {
      return key.privateKey.export({ type: 'pkcs8', format: 'pem' });
    },
    key: key.privateKey,
    name,
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function keyOf(kind: NonNullable<Wanted['key']>): { readonly privateKey: KeyObject; readonly spki: Buffer } {
  const privateKey = typeof kind === 'string' ? makeKey(kind) : kind;
  const spki = spkis.get(privateKey) ?? createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  spkis.set(privateKey, spki);
  return { privateKey, spki };
}

/** Many certificates may be of one key. */
const spkis = new WeakMap<KeyObject, Buffer>();

function makeKey(kind: 'ec' | 'rsa' | 'rsa1024' | 'ed25519'): KeyObject {
  if (kind === 'ec') return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa' ? 2048 : 1024 }).privateKey;
}

function algorithmOf(signer: KeyObject, hash: 'sha256' | 'sha1'): Buffer {
  if (signer.asymmetricKeyType === 'ed25519') return sequence(oid('1.3.101.112'));
  if (signer.asymmetricKeyType === 'ec')
    return sequence(oid(hash === 'sha1' ? '1.2.840.10045.4.1' : '1.2.840.10045.4.3.2'));
  return sequence(oid(hash === 'sha1' ? '1.2.840.113549.1.1.5' : '1.2.840.113549.1.1.11'), tlv(0x05, Buffer.alloc(0)));
}

function nameOf(cn: string | undefined, org: string | undefined): Buffer {
  const part = (id: string, value: string): Buffer =>
    tlv(0x31, sequence(oid(id), tlv(0x0c, Buffer.from(value, 'utf8'))));
  return sequence(
    ...(org === undefined ? [] : [part('2.5.4.10', org)]),
    ...(cn === undefined ? [] : [part('2.5.4.3', cn)]),
  );
}

function alternativeName(name: string): Buffer {
  if (!name.startsWith('IP:')) return tlv(0x82, Buffer.from(name.replace(/^DNS:/, ''), 'latin1'));
  return tlv(0x87, Buffer.from(name.slice(3).split('.').map(Number)));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, value));
}

/** GeneralizedTime beyond 2049 and before 1950, UTCTime between, as RFC 5280 asks. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const packed = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      packed.unshift((left & 0x7f) | 0x80);
    bytes.push(...packed);
  }
  return tlv(0x06, Buffer.from(bytes));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, value: Uint8Array): Buffer {
  const length: number[] = [];
  if (value.length < 0x80) length.push(value.length);
  else {
    for (let left = value.length; left > 0; left = Math.floor(left / 256)) length.unshift(left & 0xff);
    length.unshift(0x80 | length.length);
  }
  return Buffer.concat([Buffer.of(tag, ...length), value]);
}

function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;
}
