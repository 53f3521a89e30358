import { messageOf } from '../../shared/errors.ts';
import type { FaultCode } from '../../shared/registry/fault.ts';

/** What Node's and OpenSSL's error codes say. A code that is not here is judged by the phase it happened in. */
const byCode: Readonly<Record<string, FaultCode>> = {
  ENOTFOUND: 'name-not-found',
  ENODATA: 'name-not-found',
  EAI_AGAIN: 'name-failure',
  EAI_FAIL: 'name-failure',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown-authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-authority',
  CERT_SIGNATURE_FAILURE: 'unknown-authority',
  CERT_UNTRUSTED: 'unknown-authority',
  INVALID_CA: 'unknown-authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  HOSTNAME_MISMATCH: 'wrong-name',
  ERR_AIRGAP_COMMON_NAME_ONLY: 'common-name-only',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'handshake',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'headers-too-large',
};

export type Phase = 'queued' | 'resolve' | 'connect' | 'tls' | 'headers' | 'body';

const byPhase: Readonly<Record<Phase, FaultCode>> = {
  queued: 'out-of-time',
  resolve: 'name-failure',
  connect: 'unreachable',
  tls: 'handshake',
  headers: 'not-http',
  body: 'truncated',
};

/** The fault of a phase that took longer than it may. */
export const timeouts: Readonly<Record<Phase, FaultCode>> = {
  queued: 'out-of-time',
  resolve: 'name-timeout',
  connect: 'connect-timeout',
  tls: 'handshake',
  headers: 'silent',
  body: 'truncated',
};

/** Classifies what Node threw; `phase` decides where the code alone does not. */
export function faultCodeOf(error: unknown, phase: Phase): FaultCode {
  const code = codeOf(error);
  // A connection that breaks while the body arrives has delivered half of it, whatever the socket calls that.
  if (phase === 'body' && code !== 'ENOTFOUND') return 'truncated';
  // What OpenSSL makes of an answer that is no TLS record; in front of a registry it is nearly always `HTTP/1.1 400`.
  if (phase === 'tls' && /wrong version number/i.test(messageOf(error))) return 'plain-http';
  // A reset in the handshake is still a handshake that failed; OpenSSL has no more to say about it.
  if (phase === 'tls' && byCode[code] === 'reset') return 'handshake';
  return byCode[code] ?? byPhase[phase];
}

/** What Node says in the words of its own calls, said of the host that was asked. */
const plainWords: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'the resolver of this machine does not answer',
  ECONNREFUSED: 'it refuses connections',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'it cut the connection',
};

/** The error in one line: in plain words, with its own behind them, without the stack of OpenSSL's source files that Node appends. */
export function wordsOf(error: unknown): string {
  const openssl = /error:[0-9A-F]+:[^:]*:[^:]*:([^:\n]+):/i.exec(messageOf(error));
  const words = oneLine(openssl?.[1] ?? messageOf(error));
  const plain = plainWords[codeOf(error)];
  return plain === undefined ? words : `${plain} (${words})`;
}

/** At most 300 characters of foreign text, safe for a terminal. */
export function oneLine(words: string): string {
  const clean = words.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return clean.length > 300 ? `${clean.slice(0, 299)}…` : clean;
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) {
    // Every address failed: refused by one tells more than unreachable by another.
    const codes = error.errors.map(codeOf);
    return codes.find((code) => code === 'ECONNREFUSED') ?? codes[0] ?? '';
  }
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
