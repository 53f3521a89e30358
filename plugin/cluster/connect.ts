import http from 'node:http';
import https from 'node:https';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { AirgapError } from '../../shared/errors.ts';
import { text } from '../../shared/kube/json.ts';
import { connectionError } from './connection-error.ts';
import type { ApiRequest, ApiResponse, Connection } from './connection.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { parseDuration } from './duration.ts';
import { proxyFor } from './proxy.ts';
import { resolveTarget, type ConnectionFlags, type Target } from './target.ts';

/** A server that says nothing for this long is taken for dead, unless --request-timeout says otherwise. */
const silenceMs = 30_000;

/** Every kubeconfig, flag and plugin is read here; the API server itself is not asked anything yet. */
export async function connect(
  flags: ConnectionFlags,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  instead = '',
): Promise<Connection> {
  const target = resolveTarget(flags, environment, instead);
  const server = serverUrl(target);
  const proxy = proxyFor(server, text(target.cluster['proxy-url']), environment);
  if (proxy !== undefined && !URL.canParse(proxy))
    throw new AirgapError(
      'input',
      'The address of the proxy is none.',
      'It should read http://HOST:PORT or socks5://HOST:PORT.',
    );
  const credentials = await readCredentials(target, proxy);
  const insecure = target.cluster['insecure-skip-tls-verify'] === true;
  const tlsServerName = text(target.cluster['tls-server-name']);
  const agent = credentials.proxyAgent ?? directAgent(server, credentials, insecure, tlsServerName);
  const timeoutMs = parseDuration(flags.requestTimeout ?? '');
  // What it takes to pack and unpack costs more than a loopback saves; over any other network it is the other way round.
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(server.hostname);
  const headers = {
    accept: 'application/json',
    'user-agent': 'kubectl-airgap',
    ...(loopback ? {} : { 'accept-encoding': 'gzip' }),
    ...credentials.headers,
  };
  const facts = {
    server,
    user: target.userSource,
    ...(proxy === undefined ? {} : { proxy: new URL(proxy).host }),
  };
  return {
    context: target.context,
    server,
    namespace: target.namespace,
    ...(credentials.ca === undefined ? {} : { ca: credentials.ca }),
    ...(credentials.certificate === undefined ? {} : { clientCertificate: credentials.certificate }),
    ...(credentials.certificateSource === undefined ? {} : { clientCertificateSource: credentials.certificateSource }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    insecureSkipTlsVerify: insecure,
    request: (path, init = {}) =>
      send(new URL(server.pathname.replace(/\/$/, '') + path, server), agent, headers, init, timeoutMs, (error) =>
        connectionError(error, facts),
      ),
    close: () => agent.destroy(),
  };
}

function serverUrl(target: Target): URL {
  const url = URL.canParse(target.server) ? new URL(target.server) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new AirgapError(
    'input',
    `The server "${target.server}" is not an address.`,
    'It should read https://HOST:PORT; correct it in the kubeconfig or pass --server.',
  );
}

function directAgent(
  server: URL,
  { ca, certificate, key }: Credentials,
  insecure: boolean,
  servername: string | undefined,
): http.Agent {
  if (server.protocol === 'http:') return new http.Agent({ keepAlive: true });
  try {
    return new https.Agent({
      keepAlive: true,
      rejectUnauthorized: !insecure,
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
    });
  } catch (error) {
    throw new AirgapError(
      'input',
      'The kubeconfig’s certificates cannot be used.',
      'Check them with: kubectl config view --raw',
      error,
    );
  }
}

/**
 * One request. Node's client follows no redirect, so credentials never leave for another host. Throws what `explain`
 * makes of a failure, also while the body is being read.
 */
function send(
  url: URL,
  agent: http.Agent,
  headers: Readonly<Record<string, string | string[]>>,
  init: ApiRequest,
  timeoutMs: number | undefined,
  explain: (error: unknown) => AirgapError,
): Promise<ApiResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<ApiResponse>();
  const signals = [init.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter(
    (signal) => signal !== undefined,
  );
  const stop = signals.length === 0 ? undefined : AbortSignal.any(signals);
  let silent: DOMException | undefined;
  // A request that is stopped while its body arrives only says that it was cut off; why stands here.
  const why = (error: unknown): AirgapError => explain(silent ?? (stop?.aborted === true ? stop.reason : error));
  const fail = (error: unknown): void => reject(why(error));
  try {
    const request = (url.protocol === 'http:' ? http : https).request(url, {
      method: init.method ?? 'GET',
      agent,
      headers: {
        ...headers,
        ...(init.body === undefined
          ? {}
          : { 'content-type': init.contentType ?? 'application/json', 'content-length': Buffer.byteLength(init.body) }),
      },
      ...(stop === undefined ? {} : { signal: stop }),
    });
    request.setTimeout(timeoutMs ?? silenceMs, () => {
      silent = new DOMException('silent', 'TimeoutError');
      request.destroy(silent);
    });
    request.on('error', fail);
    request.on('response', (response) =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bodyOf(response, why) }),
    );
    request.end(init.body);
  } catch (error) {
    // A certificate and a key that do not belong together are only found when the first connection is made.
    fail(error);
  }
  return promise;
}

function bodyOf(response: http.IncomingMessage, explain: (error: unknown) => AirgapError): ApiResponse['body'] {
  const packed = response.headers['content-encoding'] === 'gzip';
  const stream = packed ? pipeline(response, createGunzip(), () => {}) : response;
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* stream as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw explain(error);
      }
    },
    destroy: () => void response.destroy(),
  };
}
