import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Issued } from '../x509.ts';

/**
 * A registry for the faults that a real one cannot be brought to show. It speaks as much of the distribution API as the
 * client reads, over real sockets; `answers` come before its own and may break any rule.
 */
export interface FakeRegistry extends AsyncDisposable {
  /** As in references: `127.0.0.1:40001`. */
  readonly host: string;
  readonly base: string;
  /** Every request: `GET /v2/`, followed by the scheme of its Authorization where it had one. */
  readonly requests: readonly string[];
}

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface FakeRequest {
  /** The certificate and what comes after it in the chain; plain HTTP where there is none. */
  readonly tls?: readonly Issued[];
  /** Handlers by method and path, tried in order before the registry's own. */
  readonly answers?: readonly (readonly [path: RegExp, handler: Handler])[];
  /** `repository:tag` or `repository@digest` to the manifest. */
  readonly manifests?: Readonly<Record<string, Stored>>;
  readonly blobs?: Readonly<Record<string, Buffer>>;
}

export interface Stored {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export const sha256 = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An answer with a JSON body. */
export const json =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Handler =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** The specification's form of an error. */
export const refuse = (
  status: number,
  code: string,
  message: string,
  headers: http.OutgoingHttpHeaders = {},
): Handler => json(status, { errors: [{ code, message }] }, headers);

/** A small image of one layer, with what a registry needs to serve it. */
export function tinyImage(
  platform = 'linux/amd64',
  layer = Buffer.from(`a layer for ${platform} `.repeat(50)),
): {
  manifest: Stored;
  digest: string;
  blobs: Record<string, Buffer>;
  layer: string;
} {
  const [os, architecture] = platform.split('/');
  const config = Buffer.from(JSON.stringify({ os, architecture, rootfs: { type: 'layers', diff_ids: [] } }));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const describe = (type: string, bytes: Buffer): object => ({
    mediaType: type,
    digest: sha256(bytes),
    size: bytes.length,
  });
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: describe('application/vnd.oci.image.config.v1+json', config),
      layers: [describe('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    }),
  );
  return {
    manifest: { mediaType, bytes },
    digest: sha256(bytes),
    blobs: { [sha256(config)]: config, [sha256(layer)]: layer },
    layer: sha256(layer),
  };
}

export async function fakeRegistry(request: FakeRequest = {}): Promise<FakeRegistry> {
  const requests: string[] = [];
  const handle: Handler = (incoming, response) => {
    const line = `${incoming.method} ${incoming.url}`;
    requests.push([line, incoming.headers.authorization?.split(' ')[0]].filter(Boolean).join(' '));
    const special = request.answers?.find(([path]) => path.test(line));
    (special?.[1] ?? own(request))(incoming, response);
  };
  const [leaf, ...above] = request.tls ?? [];
  const server =
    leaf === undefined
      ? http.createServer(handle)
      : https.createServer({ key: leaf.keyPem, cert: [leaf, ...above].map(({ pem }) => pem).join('') }, handle);
  // A client that turns the certificate down is what most of these tests are about.
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  const host = `127.0.0.1:${port}`;
  return {
    host,
    base: `${leaf === undefined ? 'http' : 'https'}://${host}`,
    requests,
    [Symbol.asyncDispose]: () => close(server),
  };
}

/** A port that does what `onConnection` says with the bare socket: nothing at all by default. */
export async function fakePort(onConnection: (socket: net.Socket) => void = () => undefined): Promise<FakeRegistry> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  const port = await listen(server);
  const host = `127.0.0.1:${port}`;
  return {
    host,
    base: `http://${host}`,
    requests: [],
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await close(server);
    },
  };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<string> {
  const server = net.createServer();
  const port = await listen(server);
  await close(server);
  return `127.0.0.1:${port}`;
}

function own({ manifests = {}, blobs = {} }: FakeRequest): Handler {
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const manifest = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(path);
    const blob = /^\/v2\/.+\/blobs\/([^/]+)$/.exec(path);
    const stored = manifests[`${manifest?.[1]}${manifest?.[2]?.includes(':') === true ? '@' : ':'}${manifest?.[2]}`];
    const bytes = blobs[blob?.[1] ?? ''];
    if (path === '/v2/') json(200, {})(request, response);
    else if (stored !== undefined)
      response
        .writeHead(200, {
          'content-type': stored.mediaType,
          'content-length': stored.bytes.length,
          'docker-content-digest': sha256(stored.bytes),
        })
        .end(request.method === 'HEAD' ? undefined : stored.bytes);
    else if (bytes !== undefined) serveBlob(bytes, request, response);
    else refuse(404, manifest === null ? 'NAME_UNKNOWN' : 'MANIFEST_UNKNOWN', 'not here')(request, response);
  };
}

function serveBlob(bytes: Buffer, request: http.IncomingMessage, response: http.ServerResponse): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]) + 1, bytes.length) : bytes.length;
  response.writeHead(range === null ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': end - start,
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start, end));
}

async function listen(server: net.Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', resolve);
  await promise;
  return (server.address() as AddressInfo).port;
}

async function close(server: net.Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  if (server instanceof http.Server) server.closeAllConnections();
  await promise;
}
