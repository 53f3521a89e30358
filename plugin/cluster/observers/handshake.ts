import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { messageOf } from '../../../shared/errors.ts';

export interface Shown {
  /** PEM, leaf first; empty where no handshake came about. */
  readonly chain: readonly string[];
  /** Why not, one clause; empty where it did. */
  readonly error: string;
}

/** As many as a path may have; a server that sends more is sending something else. */
const longestChain = 10;

/**
 * Asks a server for its certificates and hangs up: nothing is verified, nothing is sent, no credential is offered.
 * Never throws; a server that does not answer within `timeoutMs` is an error in words.
 */
export function handshake(
  host: string,
  port: number,
  options: { readonly serverName?: string; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Shown> {
  const { promise, resolve } = Promise.withResolvers<Shown>();
  const { serverName = host, timeoutMs, signal } = options;
  const socket = connect({
    host,
    port,
    // Only looking: what is shown is judged later, expired or not.
    rejectUnauthorized: false,
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
  });
  const end = (shown: Shown): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket.destroy();
    resolve(shown);
  };
  const stop = (): void => end({ chain: [], error: 'the examination was stopped' });
  const timer = setTimeout(() => end({ chain: [], error: `no answer within ${timeoutMs / 1000} s` }), timeoutMs);
  signal.addEventListener('abort', stop);
  socket.once('error', (error) => end({ chain: [], error: messageOf(error) }));
  socket.once('secureConnect', () => {
    const chain = chainOf(socket.getPeerX509Certificate());
    end({ chain, error: chain.length === 0 ? 'it showed no certificate' : '' });
  });
  if (signal.aborted) stop();
  return promise;
}

function chainOf(leaf: X509Certificate | undefined): string[] {
  const chain: string[] = [];
  const seen = new Set<string>();
  for (let next = leaf; next !== undefined && chain.length < longestChain; next = next.issuerCertificate) {
    if (seen.has(next.fingerprint256)) break;
    seen.add(next.fingerprint256);
    chain.push(next.toString());
  }
  return chain;
}
