import http from 'node:http';
import https from 'node:https';
import type { Fault, HostRole, Outcome } from '../../shared/registry/fault.ts';
import { faultCodeOf, timeouts, wordsOf, type Phase } from './error-faults.ts';
import type { Wire } from './wire.ts';

/** The most that an answer's headers may take; Node's own default is 16 KiB, which large tokens in cookies pass. */
const headerLimit = 64 * 1024;

export interface Call {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** A form for the token service; nothing else is ever sent. */
  readonly form?: URLSearchParams;
  readonly role: HostRole;
  readonly signal: AbortSignal;
}

/** An answer whose body has not been read: read it with body.ts, or destroy it. */
export interface Answer {
  readonly url: URL;
  readonly role: HostRole;
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly stream: http.IncomingMessage;
}

/** One request and its answer: no redirect, no retry, no credentials of its own. Each phase has its own time. */
export function exchange(wire: Wire, call: Call): Promise<Outcome<Answer>> {
  const { promise, resolve } = Promise.withResolvers<Outcome<Answer>>();
  const tls = call.url.protocol === 'https:';
  let phase: Phase = 'queued';
  let timer: NodeJS.Timeout | undefined;
  let expired = false;
  const enter = (next: Phase, milliseconds: number): void => {
    phase = next;
    clearTimeout(timer);
    timer = setTimeout(() => {
      expired = true;
      request.destroy();
    }, milliseconds);
  };
  const request = (tls ? https : http).request(call.url, {
    method: call.method,
    agent: tls ? wire.https() : wire.http,
    headers: { 'user-agent': 'kubectl-airgap', ...call.headers },
    maxHeaderSize: headerLimit,
    signal: call.signal,
  });
  request.once('socket', (socket) => {
    if (!socket.connecting) {
      enter('headers', wire.patience.headers);
      return;
    }
    enter('resolve', wire.patience.resolve);
    socket.once('lookup', () => enter('connect', wire.patience.connect));
    socket.once('connect', () => enter(tls ? 'tls' : 'headers', tls ? wire.patience.tls : wire.patience.headers));
    socket.once('secureConnect', () => enter('headers', wire.patience.headers));
  });
  request.once('response', (stream) => {
    clearTimeout(timer);
    phase = 'body';
    // A quiet socket ends the body; the reader of a small body has a time for the whole of it as well.
    request.setTimeout(wire.patience.idle, () => stream.destroy(new Error('the rest of the answer did not arrive')));
    resolve({
      ok: true,
      value: { url: call.url, role: call.role, status: stream.statusCode ?? 0, headers: stream.headers, stream },
    });
  });
  request.on('error', (error) => {
    clearTimeout(timer);
    resolve({ ok: false, fault: expired ? late(call, phase) : broken(call, phase, error) });
  });
  request.end(call.form?.toString());
  return promise;
}

function late(call: Call, phase: Phase): Fault {
  const what = {
    queued: 'a free connection',
    resolve: 'the name',
    connect: 'a connection',
    tls: 'the TLS handshake',
    headers: 'an answer',
    body: 'the body',
  };
  return { code: timeouts[phase], host: call.url.host, role: call.role, detail: `waited for ${what[phase]} in vain` };
}

function broken(call: Call, phase: Phase, error: unknown): Fault {
  if (call.signal.aborted)
    return { code: 'out-of-time', host: call.url.host, role: call.role, detail: 'stopped before it was answered' };
  return { code: faultCodeOf(error, phase), host: call.url.host, role: call.role, detail: wordsOf(error) };
}
