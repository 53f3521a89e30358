import type { FaultCode } from '../../../shared/registry/fault.ts';
import type { ProbeStep } from '../../../shared/registry/probe.ts';
import type { CauseId } from '../causes/ids.ts';
import type { Confidence, Severity } from '../finding.ts';

interface Meaning {
  readonly cause: CauseId;
  /** How sure it is that a node meets the same: what the registry itself shows is the same for everybody. */
  readonly confidence: Confidence;
}

const meanings: Readonly<Record<FaultCode, Meaning>> = {
  'name-not-found': { cause: 'dns-not-found', confidence: 'likely' },
  'name-failure': { cause: 'dns-failure', confidence: 'likely' },
  'name-timeout': { cause: 'dns-timeout', confidence: 'likely' },
  refused: { cause: 'net-refused', confidence: 'likely' },
  'connect-timeout': { cause: 'net-timeout', confidence: 'likely' },
  unreachable: { cause: 'net-unreachable', confidence: 'likely' },
  reset: { cause: 'net-reset', confidence: 'likely' },
  'unknown-authority': { cause: 'tls-unknown-authority', confidence: 'likely' },
  expired: { cause: 'tls-expired', confidence: 'certain' },
  'not-yet-valid': { cause: 'tls-not-yet-valid', confidence: 'certain' },
  'wrong-name': { cause: 'tls-name-mismatch', confidence: 'certain' },
  'common-name-only': { cause: 'tls-legacy-cn', confidence: 'certain' },
  'plain-http': { cause: 'tls-plain-http', confidence: 'likely' },
  handshake: { cause: 'tls-handshake', confidence: 'likely' },
  silent: { cause: 'net-timeout', confidence: 'likely' },
  'not-http': { cause: 'registry-error', confidence: 'likely' },
  'headers-too-large': { cause: 'registry-error', confidence: 'likely' },
  'not-a-registry': { cause: 'captive-portal', confidence: 'likely' },
  unauthorized: { cause: 'auth-required', confidence: 'likely' },
  denied: { cause: 'auth-denied', confidence: 'likely' },
  'token-service': { cause: 'auth-token-service', confidence: 'likely' },
  'not-found': { cause: 'image-not-found', confidence: 'certain' },
  'rate-limited': { cause: 'rate-limited', confidence: 'likely' },
  'server-error': { cause: 'registry-error', confidence: 'likely' },
  'blocked-by-policy': { cause: 'registry-policy', confidence: 'certain' },
  'unexpected-status': { cause: 'registry-error', confidence: 'likely' },
  'redirect-circle': { cause: 'redirect-unreachable', confidence: 'likely' },
  'too-many-redirects': { cause: 'redirect-unreachable', confidence: 'likely' },
  downgrade: { cause: 'redirect-unreachable', confidence: 'likely' },
  'host-not-named': { cause: 'redirect-unreachable', confidence: 'guess' },
  'body-too-large': { cause: 'registry-error', confidence: 'likely' },
  truncated: { cause: 'layer-truncated', confidence: 'likely' },
  'wrong-digest': { cause: 'digest-mismatch', confidence: 'certain' },
  schema1: { cause: 'schema1-removed', confidence: 'certain' },
  'media-type': { cause: 'media-type-unsupported', confidence: 'certain' },
  'platform-missing': { cause: 'platform-missing', confidence: 'certain' },
  'out-of-time': { cause: 'net-timeout', confidence: 'guess' },
};

/** Refusals that mean the same whoever utters them; any other fault of a second host is that host's. */
const own: ReadonlySet<CauseId> = new Set([
  'auth-required',
  'auth-denied',
  'rate-limited',
  'digest-mismatch',
  'layer-truncated',
]);

/** The public cause of a broken rung, with the cause behind it where another host than the registry is at fault. */
export function causeOf(step: ProbeStep): Meaning & { readonly inner: CauseId | null; readonly severity?: Severity } {
  const meaning = meanings[step.fault ?? 'unexpected-status'];
  const elsewhere = step.role === 'token service' ? 'auth-token-service' : 'redirect-unreachable';
  // A host that nobody named was not asked: it may well work, and the user only has to name it.
  if (step.fault === 'host-not-named')
    return { cause: elsewhere, confidence: 'guess', inner: null, severity: 'warning' };
  if (step.role === 'registry' || own.has(meaning.cause)) return { ...meaning, inner: null };
  return {
    cause: elsewhere,
    confidence: meaning.confidence,
    inner: meaning.cause === elsewhere ? null : meaning.cause,
  };
}
