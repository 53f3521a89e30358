import type { CauseId } from '../causes/ids.ts';

/**
 * The end of an error that the API server made while it called somebody, and what it means. The wordings are those of
 * Go's crypto/x509, net and net/http and of the API server's own service resolver; the first line that fits counts, so
 * certificates come before the network: their text may follow "dial" but never the other way round.
 */
const tails: readonly [RegExp, CauseId][] = [
  [/x509: certificate has expired or is not yet valid: current time \S+ is before/, 'webhook-cert-not-yet-valid'],
  [/x509: certificate has expired or is not yet valid/, 'webhook-cert-expired'],
  // Go says "unknown authority (possibly because of …)" also where only the signature's hash is refused.
  [/x509: cannot verify signature: insecure algorithm/, 'webhook-cert-unusable'],
  [/x509: certificate signed by unknown authority/, 'webhook-ca-mismatch'],
  [/unable to load root certificates|unable to parse bytes as PEM/, 'cert-unreadable'],
  [/x509: /, 'webhook-cert-unusable'],
  [/no endpoints available for service|endpoints? "[^"]*" not found/, 'webhook-no-endpoints'],
  [/service "[^"]*" not found|no service port \S+ found for service/, 'webhook-service-missing'],
  [/cannot route to service with ClusterIP|unsupported service type/, 'webhook-unreachable'],
  [/connection refused/, 'webhook-refused'],
  [
    /context deadline exceeded|Client\.Timeout exceeded|i\/o timeout|connection timed out|request canceled|TLS handshake timeout/,
    'webhook-timeout',
  ],
  [
    /no such host|server misbehaving|no route to host|network is unreachable|connection reset|broken pipe|\bEOF\b|proxyconnect/,
    'webhook-unreachable',
  ],
];

/** Anything else was said by whoever answered. */
export function causeOfTail(tail: string): CauseId {
  return tails.find(([pattern]) => pattern.test(tail))?.[1] ?? 'webhook-error';
}
