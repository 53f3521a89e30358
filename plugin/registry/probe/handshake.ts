import { lookup } from 'node:dns/promises';
import net, { type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCode } from '../../../shared/registry/fault.ts';
import { faultCodeOf, timeouts, wordsOf, type Phase } from '../error-faults.ts';
import { identify, type Wire } from '../wire.ts';
import { peek } from './peek.ts';

/** What came of one phase; `late` faults are named by the phase that took too long. */
export type Reached<T> = { readonly value: T } | { readonly fault: FaultCode; readonly detail: string };

const lateness = Symbol('late');

async function within<T>(
  phase: Phase,
  milliseconds: number,
  signal: AbortSignal,
  work: Promise<T>,
): Promise<Reached<T>> {
  const over = new AbortController();
  try {
    const first = await Promise.race([
      work,
      sleep(milliseconds, lateness, { signal: AbortSignal.any([signal, over.signal]) }),
    ]);
    if (first !== lateness) return { value: first as T };
    return { fault: timeouts[phase], detail: `no answer in ${milliseconds / 1000} s` };
  } catch (error) {
    if (signal.aborted) return { fault: 'out-of-time', detail: 'the time for probes was over' };
    return { fault: faultCodeOf(error, phase), detail: wordsOf(error) };
  } finally {
    over.abort();
    work.catch(() => undefined);
  }
}

/** The addresses behind a name, sorted; the name itself where it is an address. */
export function resolveName(wire: Wire, hostname: string, signal: AbortSignal): Promise<Reached<string[]>> {
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  const found = lookup(name, { all: true }).then((all) => [...new Set(all.map(({ address }) => address))].toSorted());
  return within('resolve', wire.patience.resolve, signal, found);
}

export async function connectTo(wire: Wire, url: URL, signal: AbortSignal): Promise<Reached<Socket>> {
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  const socket = net.connect({ host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once('connect', () => resolve(socket));
  socket.once('error', reject);
  const reached = await within('connect', wire.patience.connect, signal, promise);
  if ('fault' in reached) socket.destroy();
  return reached;
}

export interface Handshake {
  /** The registry's own certificate first, then those above it as far as they are known. */
  readonly chain: readonly X509Certificate[];
  /** What the verification made of the chain; null where it is trusted. Names and missing SANs included. */
  readonly verdict: { readonly fault: FaultCode; readonly detail: string } | null;
}

/** Shakes hands without trusting anything: nothing is sent over this connection, it is only looked at. */
export async function shakeHands(
  wire: Wire,
  url: URL,
  socket: Socket,
  signal: AbortSignal,
): Promise<Reached<Handshake>> {
  const peeked = peek(socket);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = tls.connect({
    socket: peeked.stream,
    ...(net.isIP(hostname) === 0 ? { servername: hostname } : {}),
    secureContext: wire.trust.context(),
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) => identify(hostname, certificate),
    ALPNProtocols: ['http/1.1'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  secure.once('secureConnect', () => resolve(secure));
  secure.once('error', reject);
  secure.once('close', () => reject(new Error('the connection was closed during the handshake')));
  const reached = await within('tls', wire.patience.tls, signal, promise);
  const seen = 'value' in reached ? look(secure) : undefined;
  secure.destroy();
  socket.destroy();
  if (seen !== undefined) return { value: seen };
  if ('value' in reached) return { fault: 'handshake', detail: 'it showed no certificate' };
  if (peeked.start().startsWith('HTTP/'))
    return { fault: 'plain-http', detail: 'it answered the TLS handshake in plain HTTP' };
  const other = peeked.start() !== '' && peeked.start().charCodeAt(0) !== 0x15 && peeked.start().charCodeAt(0) !== 0x16;
  if (other) return { fault: 'handshake', detail: 'what listens there does not speak TLS' };
  return reached.fault === 'plain-http' ? { ...reached, fault: 'handshake' } : reached;
}

function look(secure: TLSSocket): Handshake | undefined {
  const leaf = secure.getPeerX509Certificate();
  if (leaf === undefined) return undefined;
  const chain: X509Certificate[] = [];
  for (
    let next: X509Certificate | undefined = leaf;
    next !== undefined && chain.length < 10;
    next = next.issuerCertificate
  ) {
    const { fingerprint256 } = next;
    if (chain.some((known) => known.fingerprint256 === fingerprint256)) break;
    chain.push(next);
  }
  const error: unknown = secure.authorizationError;
  if (error === undefined || error === null) return { chain, verdict: null };
  // Node keeps OpenSSL's short code here, or the error of the name check.
  const code = error instanceof Error ? '' : typeof error === 'string' ? error : JSON.stringify(error);
  const asError = error instanceof Error ? error : Object.assign(new Error(code), { code });
  return { chain, verdict: { fault: faultCodeOf(asError, 'tls'), detail: wordsOf(asError) } };
}
