import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '../../plugin/cluster/connect.ts';
import type { Connection } from '../../plugin/cluster/connection.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => void;

/** An API server that misbehaves on purpose, which a real one cannot be made to do. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly connection: Connection;
  /** `GET /api/v1/pods?limit=500`, in the order of arrival. */
  readonly requests: readonly string[];
}

export async function fakeApi(handler: Handler, flags: Parameters<typeof connect>[0] = {}): Promise<FakeApi> {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname === '/version') json(response, 200, { gitVersion: 'v1.37.2' });
    else handler(request, response, url);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = await connect({ server: url, ...flags }, {});
  return {
    url,
    connection,
    requests,
    [Symbol.asyncDispose]: async () => {
      connection.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export function json(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function status(
  response: http.ServerResponse,
  code: number,
  message: string,
  more: object = {},
  headers: http.OutgoingHttpHeaders = {},
): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message, ...more }, headers);
}

/** Pods `from` to `to` (exclusive), as a page of a list. */
export function podPage(from: number, to: number, token?: string): unknown {
  return {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '1', ...(token === undefined ? {} : { continue: token }) },
    items: Array.from({ length: to - from }, (_, index) => ({
      metadata: { name: `pod-${from + index}`, namespace: 'web', uid: `uid-${from + index}` },
    })),
  };
}
