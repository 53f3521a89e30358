import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createPlainServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Authority, Issued } from '../certificates.ts';
import { digestOf } from '../../../image/oci.ts';
import type { Image } from './image.ts';

/** Answers a request in its own way, or lets the registry answer as it should. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, answerProperly: () => void) => void;

/**
 * A registry that goes wrong on purpose. One server stands for any number of hosts; what each does, and which
 * certificate it shows, is chosen by its name. A host that was told nothing behaves.
 */
export interface FaultyRegistry {
  /** Serves TLS on port 443 of one more address. */
  listen(address: string): Promise<void>;
  /** Serves plain HTTP. */
  listenPlain(address: string, port: number): Promise<void>;
  /** Accepts connections and never says a word. */
  listenSilently(address: string, port: number): Promise<void>;
  /** Serves as a proxy whose every tunnel ends at this registry. */
  listenAsProxy(address: string, port: number): Promise<void>;
  behave(host: string, behaviour: Behaviour): void;
  present(host: string, certificate: Issued): void;
  /** Behaves, and shows a good certificate, from now on. */
  heal(host: string): void;
  /** Puts an image under `repository:tag`, the same for all hosts. */
  add(repository: string, tag: string, image: Image): void;
  remove(repository: string, tag: string): void;
  close(): Promise<void>;
}

interface Stored {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/** Hosts that were given no certificate of their own show one by `authority` with their name. */
export function createFaultyRegistry(authority: Authority): FaultyRegistry {
  const behaviours = new Map<string, Behaviour>();
  const contexts = new Map<string, SecureContext>();
  const manifests = new Map<string, Stored>();
  const blobs = new Map<string, Stored>();
  const secure: Server[] = [];
  const closers: (() => Promise<void>)[] = [];

  const present = (host: string, { certificate, key }: Issued): void =>
    void contexts.set(host, createSecureContext({ cert: certificate, key }));
  const goodContext = (host: string): SecureContext => {
    const known = contexts.get(host);
    if (known !== undefined) return known;
    present(host, authority.issue({ commonName: host, names: [host] }));
    return goodContext(host);
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const host = (request.headers.host ?? '').replace(/:443$/v, '');
    const answer = (): void => answerProperly(request, response, manifests, blobs);
    const behaviour = behaviours.get(host);
    if (behaviour === undefined) answer();
    else behaviour(request, response, answer);
  };
  const open = async (
    server: ReturnType<typeof createTcpServer> | Server,
    address: string,
    port: number,
  ): Promise<void> => {
    // A client that hangs up in the middle is part of the game.
    server
      .on('tlsClientError', () => {})
      .on('clientError', (_error: Error, socket: { destroy(): void }) => socket.destroy());
    server.listen(port, address);
    await once(server, 'listening');
    server.unref();
    closers.push(async () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    });
  };
  const addImage = (repository: string, image: Image): void => {
    manifests.set(`${repository}@${image.manifest.digest}`, {
      bytes: image.manifest.bytes,
      mediaType: image.mediaType,
    });
    for (const { digest, bytes } of image.blobs) blobs.set(digest, { bytes, mediaType: 'application/octet-stream' });
    for (const child of image.children) addImage(repository, child);
  };
  return {
    listen: (address) => {
      const server = createServer(
        { SNICallback: (name, done) => done(null, goodContext(name)), ...defaultKey(authority) },
        handle,
      );
      secure.push(server);
      return open(server, address, 443);
    },
    listenPlain: (address, port) => open(createPlainServer(handle), address, port),
    listenSilently: (address, port) =>
      open(
        createTcpServer((socket) => void socket.on('error', () => {}).unref()),
        address,
        port,
      ),
    listenAsProxy: (address, port) => {
      const proxy = createPlainServer((_request, response) => response.writeHead(501).end());
      proxy.on('connect', (_request, client) => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        secure[0]?.emit('connection', client);
      });
      return open(proxy, address, port);
    },
    behave: (host, behaviour) => void behaviours.set(host, behaviour),
    present,
    heal: (host) => {
      behaviours.delete(host);
      contexts.delete(host);
    },
    add: (repository, tag, image) => {
      addImage(repository, image);
      manifests.set(`${repository}:${tag}`, { bytes: image.manifest.bytes, mediaType: image.mediaType });
    },
    remove: (repository, tag) => void manifests.delete(`${repository}:${tag}`),
    close: async () => {
      for (const closer of closers) await closer();
    },
  };
}

function defaultKey(authority: Authority): { cert: string; key: string } {
  const { certificate, key } = authority.issue({ commonName: 'no name given' });
  return { cert: certificate, key };
}

function answerProperly(
  request: IncomingMessage,
  response: ServerResponse,
  manifests: ReadonlyMap<string, Stored>,
  blobs: ReadonlyMap<string, Stored>,
): void {
  const path = new URL(request.url ?? '/', 'http://any').pathname;
  const [, repository = '', kind = '', reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^\/]+)$/v.exec(path) ?? [];
  if (kind === '') {
    response.writeHead(path === '/v2/' ? 200 : 404).end();
    return;
  }
  const separator = reference.includes(':') ? '@' : ':';
  const stored = kind === 'blobs' ? blobs.get(reference) : manifests.get(`${repository}${separator}${reference}`);
  if (stored === undefined) {
    const code = kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN';
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code, message: `${kind.slice(0, -1)} unknown` }] }));
    return;
  }
  response.writeHead(200, {
    'content-type': stored.mediaType,
    'content-length': stored.bytes.length,
    'docker-content-digest': kind === 'blobs' ? reference : digestOf(stored.bytes),
  });
  response.end(request.method === 'HEAD' ? undefined : stored.bytes);
}
