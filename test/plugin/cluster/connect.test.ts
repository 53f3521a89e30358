import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { AirgapError } from '../../../shared/errors.ts';
import { connect } from '../../../plugin/cluster/connect.ts';
import { connectionError } from '../../../plugin/cluster/connection-error.ts';
import { openLive } from '../../../plugin/cluster/live.ts';
import type { ConnectionFlags } from '../../../plugin/cluster/target.ts';
import { issue, type Issued } from '../../x509.ts';
import { fakeApi, status } from '../../fake/api-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-connect-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
}

const authority = issue({ cn: 'ca', ca: true });
const ca = file('ca.crt', authority.pem);
const day = 86_400_000;
const leaf = (wanted: Parameters<typeof issue>[0] = {}): Issued =>
  issue({ cn: 'kube-apiserver', names: ['IP:127.0.0.1', 'DNS:localhost'], by: authority, ...wanted });

async function listening(server: Server, use: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** What a person is told who connects to this server with these flags. */
async function refusal(server: Server, flags: ConnectionFlags = {}): Promise<string> {
  let told = '';
  await listening(server, async (port) => {
    const connection = await connect({ server: `https://127.0.0.1:${port}`, certificateAuthority: ca, ...flags }, {});
    try {
      await openLive(connection, { registries: [] });
    } catch (error) {
      assert.ok(error instanceof AirgapError, String(error));
      assert.equal(error.code, 'unreachable');
      assert.match(error.hint, /\w{3}/);
      told = error.message;
    } finally {
      connection.close();
    }
  });
  return told;
}

const tlsServer = ({ pem, keyPem }: Issued, options: https.ServerOptions = {}): https.Server =>
  https.createServer({ cert: pem, key: keyPem, ...options }, (_, response) => response.end('{"gitVersion":"v1.37.2"}'));

test('each fault of TLS has its own sentence', async () => {
  assert.equal(await refusal(tlsServer(leaf())), '');
  assert.match(
    await refusal(tlsServer(leaf({ from: new Date(Date.now() - 9 * day), until: new Date(Date.now() - day) }))),
    /certificate of the API server 127.* has expired/,
  );
  assert.match(
    await refusal(tlsServer(leaf({ from: new Date(Date.now() + day), until: new Date(Date.now() + 9 * day) }))),
    /is not valid yet/,
  );
  assert.match(await refusal(tlsServer(leaf({ names: ['DNS:other.corp'] }))), /is for another name than 127\.0\.0\.1/);
  assert.match(await refusal(tlsServer(issue({ cn: 'x', names: ['IP:127.0.0.1'] }))), /is not trusted/);
  assert.match(await refusal(tlsServer(leaf({ by: issue({ cn: 'other', ca: true }) }))), /is not trusted/);
  const stranger = issue({ cn: 'jane', by: issue({ cn: 'other', ca: true }) });
  const mixed = { clientCertificate: file('a.crt', leaf().pem), clientKey: file('b.key', stranger.keyPem) };
  assert.match(await refusal(tlsServer(leaf()), mixed), /do not belong together|cannot be reached/);
});

test('what does not speak TLS or HTTP is told apart', async () => {
  assert.match(await refusal(http.createServer((_, response) => response.end('{}'))), /does not speak TLS/);
  assert.match(
    await refusal(net.createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))),
    /does not speak TLS|closed the connection/,
  );
  assert.match(
    await refusal(
      net.createServer(() => {}),
      { requestTimeout: '200ms' },
    ),
    /did not answer in time/,
  );
  for (const [answer, expected] of [
    ['SSH-2.0-OpenSSH\r\n', /does not speak HTTP/],
    [`HTTP/1.1 200 OK\r\n${`x: ${'y'.repeat(1000)}\r\n`.repeat(1000)}`, /sends headers without end/],
    ['HTTP/1.1 200 OK\r\n\r\n<html>Sign in</html>', /does not speak the Kubernetes API/],
  ] as const)
    await listening(
      net.createServer((socket) => void socket.once('data', () => socket.end(answer)).on('error', () => {})),
      async (port) => {
        const connection = await connect({ server: `http://127.0.0.1:${port}` }, {});
        await assert.rejects(openLive(connection, { registries: [] }), expected);
        connection.close();
      },
    );
});

test('a client certificate that is refused is told by every alert that says so', () => {
  const facts = { server: new URL('https://api.corp:6443'), user: 'user "u" in config' };
  for (const words of [
    'write EPROTO 40E3:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../deps/openssl\n',
    '4003:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../deps/openssl\n',
    '4003:error:0A000415:SSL routines:ssl3_read_bytes:ssl/tls alert certificate expired:../deps/openssl\n',
    '4003:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:../deps/openssl\n',
  ])
    assert.match(
      connectionError(new Error(words), facts).message,
      /refused the client certificate of user "u" in config/,
    );
});

test('a name that does not resolve is told with the name', async () => {
  const connection = await connect({ server: 'https://api.invalid:6443' }, {});
  await assert.rejects(
    openLive(connection, { registries: [] }),
    /The name api\.invalid of the API server (does not resolve|could not be looked up)/,
  );
});

test('a redirect is not followed, so credentials stay with the server they are for', async () => {
  const heard: string[] = [];
  await using elsewhere = await fakeApi((request) => heard.push(String(request.url)));
  await using api = await fakeApi(
    (_, response) => status(response, 302, 'moved', {}, { location: `${elsewhere.url}/api/v1/pods` }),
    { token: 'secret' },
  );
  const cluster = await openLive(api.connection, { registries: [] });
  const gap = await cluster.list({ group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }, () => {});
  assert.equal(gap?.why, 'failed');
  assert.deepEqual(heard, []);
});

test('a credential file that is missing is wrong input', async () => {
  for (const flags of [{ certificateAuthority: '/no/ca' }, { clientCertificate: '/no/crt' }, { clientKey: '/no/key' }])
    await assert.rejects(connect({ server: 'https://x.corp', ...flags }, {}), {
      code: 'input',
      message: /cannot be read/,
    });
  await assert.rejects(connect({ server: 'ftp://x.corp' }, {}), { code: 'input' });
});

test('a proxy that is gone or refuses is named, and never its password', async () => {
  const kubeconfig = (proxy: string): string =>
    file(
      'proxied.yaml',
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server: 'https://api.invalid:6443', 'proxy-url': proxy } }],
        contexts: [{ name: 'x', context: { cluster: 'c' } }],
        'current-context': 'x',
      }),
    );
  const told = async (proxy: string): Promise<AirgapError> => {
    const connection = await connect({ kubeconfig: kubeconfig(proxy) }, {});
    try {
      await openLive(connection, { registries: [] });
    } catch (error) {
      assert.ok(error instanceof AirgapError);
      return error;
    } finally {
      connection.close();
    }
    return assert.fail('it was reached');
  };
  const refusing = http
    .createServer()
    .on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
  let gone = 0;
  await listening(refusing, async (port) => {
    gone = port;
    const error = await told(`http://jane:hunter2@127.0.0.1:${port}`);
    assert.equal(
      error.message,
      `The proxy 127.0.0.1:${port} does not let through to the API server api.invalid:6443: HTTP 407.`,
    );
    assert.match(error.hint, /proxy-url/);
  });
  for (const scheme of ['http', 'socks5']) {
    const { message } = await told(`${scheme}://jane:hunter2@127.0.0.1:${gone}`);
    assert.match(
      message,
      /^The proxy 127\.0\.0\.1:\d+, through which the API server api\.invalid:6443 is reached, does not answer/,
    );
    assert.ok(!message.includes('hunter2'));
  }
  await assert.rejects(connect({ kubeconfig: kubeconfig('nonsense') }, {}), { code: 'input' });
});
