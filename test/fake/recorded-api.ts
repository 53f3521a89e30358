import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** An API server that answers with the lists of a recording, so that what is documented for a live cluster can run. */
export async function recordedApi(folder: string): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const [, group = '', plural = ''] = /^\/(?:api|apis\/([^/]+))\/[^/]+\/([^/]+)$/.exec(url.pathname) ?? [];
    const file = path.join(folder, `${plural}${group === '' ? '' : `.${group}`}.json`);
    const known = url.pathname === '/version' || (plural !== '' && existsSync(file));
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
    const body =
      url.pathname === '/version' ? '{"gitVersion":"v1.37.2"}' : known ? readFileSync(file) : JSON.stringify(status);
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
