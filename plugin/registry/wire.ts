import http from 'node:http';
import https from 'node:https';
import {
  createSecureContext,
  checkServerIdentity,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
} from 'node:tls';

/** How long each part of one request may take, in milliseconds. */
export interface Patience {
  readonly resolve: number;
  readonly connect: number;
  readonly tls: number;
  /** From the request to the end of the answer's headers. */
  readonly headers: number;
  /** Between two pieces of a body. */
  readonly idle: number;
  /** For the whole of a small body: a manifest, a list, an error. */
  readonly document: number;
}

export const patience: Patience = {
  resolve: 5000,
  connect: 5000,
  tls: 5000,
  headers: 15_000,
  idle: 15_000,
  document: 30_000,
};

/** The sockets of one run: kept alive between requests, closed together. */
export interface Wire {
  readonly patience: Patience;
  readonly http: http.Agent;
  readonly https: () => https.Agent;
  readonly trust: Trust;
  close(): void;
}

/** The certificate authorities that certificates are judged by. */
export interface Trust {
  /** PEM, one certificate each: those of `--registry-ca` and the system's. */
  readonly authorities: () => readonly string[];
  readonly context: () => SecureContext;
}

/** `connections` is the most that are open to one host at a time. */
export function openWire(
  options: { readonly ca?: string; readonly patience?: Patience; readonly connections?: number } = {},
): Wire {
  const trust = trustIn(options.ca);
  const kept = { keepAlive: true, maxSockets: options.connections ?? 8, scheduling: 'lifo' } as const;
  const plain = new http.Agent(kept);
  let secure: https.Agent | undefined;
  return {
    patience: options.patience ?? patience,
    http: plain,
    https: () =>
      (secure ??= new https.Agent({ ...kept, secureContext: trust.context(), checkServerIdentity: identify })),
    trust,
    close() {
      plain.destroy();
      secure?.destroy();
    },
  };
}

/** By the authorities that `--registry-ca` adds. Some commands open several wires. */
const trusts = new Map<string, Trust>();

function trustIn(ca = ''): Trust {
  const known = trusts.get(ca) ?? read(ca);
  trusts.set(ca, known);
  return known;
}

/** Reading the system's store and parsing it takes tens of milliseconds, so it waits for the first TLS connection. */
function read(ca: string): Trust {
  let authorities: readonly string[] | undefined;
  let context: SecureContext | undefined;
  const known = (): readonly string[] => (authorities ??= [...splitPem(ca), ...systemAuthorities()]);
  return { authorities: known, context: () => (context ??= createSecureContext({ ca: [...known()] })) };
}

function systemAuthorities(): string[] {
  const system = getCACertificates('system');
  return [...getCACertificates('extra'), ...(system.length > 0 ? system : getCACertificates('bundled'))];
}

/** The certificates of a PEM bundle, each on its own; text between them is left out. */
function splitPem(bundle: string): string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** Node still falls back to the common name where a certificate has no SAN; the Go runtimes on nodes refuse that. */
export function identify(hostname: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname !== undefined) return checkServerIdentity(hostname, certificate);
  return Object.assign(new Error('the certificate has a common name and no subject alternative name'), {
    code: 'ERR_AIRGAP_COMMON_NAME_ONLY',
  });
}
