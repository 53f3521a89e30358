/** Faults of a way that does not exist at this time, and not of what was asked for. */
const outOfReach = [
  'name-not-found',
  'name-failure',
  'name-timeout',
  'refused',
  'connect-timeout',
  'unreachable',
  'reset',
  'unknown-authority',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'common-name-only',
  'plain-http',
  'handshake',
  'silent',
  'not-http',
  'not-a-registry',
  'token-service',
  'server-error',
  'host-not-named',
] as const;

/**
 * What can go wrong between here and an image, as one registry client sees it. These are codes of an observation: they
 * stand in dumps, and the checks translate them into the public causes.
 */
export const faultCodes = [
  ...outOfReach,
  'headers-too-large',
  'unauthorized',
  'denied',
  'not-found',
  'rate-limited',
  'blocked-by-policy',
  'unexpected-status',
  'redirect-circle',
  'too-many-redirects',
  'downgrade',
  'body-too-large',
  'truncated',
  'wrong-digest',
  'schema1',
  'media-type',
  'platform-missing',
  'out-of-time',
] as const;

export type FaultCode = (typeof faultCodes)[number];

/** Whether a host could not be reached, so that nothing is known of what was asked for. */
export function isOutOfReach(code: FaultCode): boolean {
  return outOfReach.some((one) => one === code);
}

/** Which part a host plays: a registry may send its clients to a token service and, for blobs, to another store. */
export type HostRole = 'registry' | 'token service' | 'redirect target';

export interface Fault {
  readonly code: FaultCode;
  /** The host that failed, with its port where it is not the scheme's own. */
  readonly host: string;
  readonly role: HostRole;
  /** What was seen, in one clause without a full stop; never holds a credential or an address's query. */
  readonly detail: string;
  /** The answer's status, where there was an answer. */
  readonly status?: number;
  /** Seconds that the server asks to wait. */
  readonly retryAfter?: number;
}

/** What came of it, or what went wrong. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };
