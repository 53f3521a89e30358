import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import type { Issued } from '../../x509.ts';

/** What a webhook of a test does with a call; `closed` has nobody listening. */
export type Behaviour = 'allow' | 'fail' | 'nonsense' | 'silent' | 'plain' | 'closed';

export interface WebhookServer extends AsyncDisposable {
  readonly port: number;
  /** From the next connection on it shows this certificate, as after a renewal. */
  show(certificate: Issued): void;
}

/** A webhook that shows `certificate`, on loopback unless told otherwise. */
export async function startWebhook(
  behaviour: Behaviour,
  certificate: Issued,
  host = '127.0.0.1',
): Promise<WebhookServer> {
  const tls = createServer({ cert: certificate.pem, key: certificate.keyPem }, answer(behaviour)).on(
    'tlsClientError',
    () => {},
  );
  const server: TcpServer =
    behaviour === 'silent'
      ? createTcpServer(() => {})
      : behaviour === 'plain'
        ? createHttpServer(answer('allow'))
        : tls;
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket: { destroy(): void; on(event: 'error', listener: () => void): void }) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  if (behaviour === 'closed') await closed(server);
  return {
    port,
    show: (next) => tls.setSecureContext({ cert: next.pem, key: next.keyPem }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await closed(server);
    },
  };
}

async function closed(server: TcpServer | Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function answer(behaviour: Behaviour): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (behaviour === 'fail') return void response.writeHead(500).end('out of order');
      if (behaviour === 'nonsense') return void response.end('<html>');
      const review = JSON.parse(Buffer.concat(chunks).toString()) as { apiVersion: string; request: { uid: string } };
      const body = {
        apiVersion: review.apiVersion,
        kind: 'AdmissionReview',
        response: { uid: review.request.uid, allowed: true },
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    });
  };
}
