import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import type { ApiResponse, Connection } from '../../../../plugin/cluster/connection.ts';
import { handshake } from '../../../../plugin/cluster/observers/handshake.ts';
import { observeKubeconfig } from '../../../../plugin/cluster/observers/kubeconfig.ts';
import { observeTlsEndpoints } from '../../../../plugin/cluster/observers/tls-endpoints.ts';
import type { Json } from '../../../../shared/kube/json.ts';
import { issue } from '../../../x509.ts';
import { collected } from '../../doctor/snapshot.ts';

const ca = issue({ cn: 'ca', ca: true });
const expired = issue({
  cn: 'server',
  by: ca,
  until: new Date('2020-01-01T00:00:00Z'),
  from: new Date('2019-01-01T00:00:00Z'),
});
const { signal } = new AbortController();

async function listen(server: Server): Promise<{ port: number; [Symbol.asyncDispose]: () => Promise<void> }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket: { destroy(): void }) => sockets.add(socket));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const tlsServer = (): Server =>
  createServer({ cert: expired.pem + ca.pem, key: expired.keyPem }).on('tlsClientError', () => {});

function connectionTo(server: string, date?: string): Connection {
  return {
    context: 'test',
    namespace: 'default',
    server: new URL(server),
    ca: ca.pem,
    clientCertificate: expired.pem + expired.keyPem,
    clientCertificateSource: '/home/me/.kube/config',
    insecureSkipTlsVerify: false,
    request: () =>
      Promise.resolve({
        status: 200,
        headers: date === undefined ? {} : { date },
        body: { destroy: () => {} },
      } as unknown as ApiResponse),
    close: () => {},
  };
}

test('a handshake brings the whole chain, whatever its dates are', async () => {
  await using server = await listen(tlsServer());
  const shown = await handshake('127.0.0.1', server.port, { timeoutMs: 2000, signal });
  assert.deepEqual(shown, { chain: [expired.pem, ca.pem], error: '' });
});

test('a port that refuses, says nothing, speaks plainly or is stopped is an error in words', async () => {
  await using silent = await listen(createTcpServer(() => {}));
  await using plain = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const ask = async (port: number): Promise<string> =>
    (await handshake('127.0.0.1', port, { timeoutMs: 100, signal })).error;
  assert.equal(await ask(silent.port), 'no answer within 0.1 s');
  assert.notEqual(await ask(plain.port), '');
  assert.match(await ask(1), /ECONNREFUSED/);
  const stopped = await handshake('127.0.0.1', silent.port, { timeoutMs: 5000, signal: AbortSignal.abort() });
  assert.equal(stopped.error, 'the examination was stopped');
});

test('the API server, the addresses behind it and the kubelets are looked at', async () => {
  await using api = await listen(tlsServer());
  await using kubelet = await listen(tlsServer());
  const snapshot = collected({
    nodes: [
      {
        metadata: { name: 'n1' },
        status: {
          addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
          daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
        },
      },
      { metadata: { name: 'no-address' } },
    ],
    endpointslices: [
      {
        metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        ports: [{ port: api.port }, { port: kubelet.port }],
        endpoints: [{ addresses: ['127.0.0.1'] }],
      },
    ],
  });
  const seen: Json[] = [];
  const date = new Date(Date.now() + 2 * 3_600_000).toUTCString();
  const connection = connectionTo(`https://127.0.0.1:${api.port}`, date);
  assert.equal(
    await observeTlsEndpoints(connection, snapshot, { registries: [], signal }, (raw) => seen.push(raw)),
    null,
  );
  assert.deepEqual(
    seen.map(({ role, port, node, error }) => ({ role, port, node, error })),
    [
      { role: 'api-server', port: api.port, node: undefined, error: '' },
      { role: 'api-server-address', port: kubelet.port, node: undefined, error: '' },
      { role: 'kubelet', port: kubelet.port, node: 'n1', error: '' },
    ],
  );
  assert.equal(Math.round(Number(seen[0]?.['clockAhead']) / 3_600_000), 2);
});

test('when no kubelet answers, not every one of a thousand is waited for', async () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => ({
    metadata: { name: `n${index}` },
    status: {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: 1 } },
    },
  }));
  const seen: Json[] = [];
  await observeTlsEndpoints(
    connectionTo('http://127.0.0.1:1'),
    collected({ nodes }),
    { registries: [], signal },
    (raw) => seen.push(raw),
  );
  assert.equal(seen.length, 1001);
  assert.equal(seen[0]?.['error'], 'it is reached by plain HTTP');
  assert.equal(seen.filter(({ error }) => error === 'not tried, as the first 16 did not answer').length, 984);
});

test('of the kubeconfig only certificates are recorded', async () => {
  const seen: Json[] = [];
  await observeKubeconfig(connectionTo('https://127.0.0.1:6443'), collected({}), { registries: [], signal }, (raw) =>
    seen.push(raw),
  );
  assert.ok(String(seen[0]?.['clientCertificate']).includes(expired.pem));
  assert.ok(!JSON.stringify(seen).includes('PRIVATE KEY'));
  assert.ok(!JSON.stringify(seen).includes(expired.keyPem.split('\n')[1] ?? '?'));
});
