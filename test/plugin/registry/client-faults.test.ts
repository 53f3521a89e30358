import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { openRegistries, type RegistryOptions, type Registries } from '../../../plugin/registry/client.ts';
import { parseNamedHost } from '../../../plugin/registry/named-hosts.ts';
import { once } from '../../../plugin/registry/retry.ts';
import { openWire, patience } from '../../../plugin/registry/wire.ts';
import type { FaultCode, Outcome } from '../../../shared/registry/fault.ts';
import {
  closedPort,
  fakePort,
  fakeRegistry,
  json,
  refuse,
  sha256,
  tinyImage,
  type Handler,
} from '../../fake/registry.ts';
import { issue } from '../../x509.ts';

const hour = 3_600_000;
const authority = issue({ cn: 'test authority', ca: true });
const wire = openWire({ ca: authority.pem });
/** For servers that would keep a client waiting for ever; all others get their time, on a busy machine too. */
const hasty = openWire({ patience: { ...patience, tls: 400, headers: 400, idle: 150, document: 400 } });

function registries(named: readonly string[], options: Partial<RegistryOptions> = {}): Registries {
  const hosts = named.map(parseNamedHost);
  return openRegistries({
    named: hosts,
    keychain: async () => null,
    wire,
    persistence: once,
    signal: new AbortController().signal,
    ...options,
  });
}

const codeOf = (outcome: Outcome<unknown>): FaultCode | 'ok' => (outcome.ok ? 'ok' : outcome.fault.code);

test.after(() => {
  wire.close();
  hasty.close();
});

const image = tinyImage();
const stored = { manifests: { 'app:1': image.manifest, [`app@${image.digest}`]: image.manifest }, blobs: image.blobs };

test('a certificate that a node would refuse is refused, and named by what is wrong with it', async () => {
  const names = ['IP:127.0.0.1'];
  const other = issue({ cn: 'another authority', ca: true });
  const cases: [code: FaultCode | 'ok', chain: Parameters<typeof issue>[0][]][] = [
    ['ok', [{ names, by: authority }]],
    ['expired', [{ names, by: authority, from: new Date(Date.now() - 9 * hour), until: new Date(Date.now() - hour) }]],
    ['not-yet-valid', [{ names, by: authority, from: new Date(Date.now() + hour) }]],
    ['wrong-name', [{ names: ['DNS:registry.example'], by: authority }]],
    ['common-name-only', [{ cn: '127.0.0.1', by: authority }]],
    ['unknown-authority', [{ names, by: other }]],
    ['unknown-authority', [{ names, cn: 'self-signed' }]],
  ];
  for (const [code, chain] of cases) {
    await using registry = await fakeRegistry({ tls: chain.map((wanted) => issue(wanted)) });
    assert.equal(codeOf(await registries([registry.host]).ping(registry.host)), code);
  }
});

test('plain HTTP is spoken to loopback and to hosts marked so, and to nobody else', async () => {
  await using registry = await fakeRegistry();
  assert.equal(codeOf(await registries([registry.host]).ping(registry.host)), 'ok');
  const elsewhere = registry.host.replace('127.0.0.1', '0.0.0.0');
  assert.equal(codeOf(await registries([elsewhere]).ping(elsewhere)), 'plain-http');
  assert.equal(codeOf(await registries([`http://${elsewhere}`]).ping(elsewhere)), 'ok');
});

test('what never was a registry is named by how far it got', async () => {
  await using silent = await fakePort();
  await using hangsUp = await fakePort((socket) => socket.destroy());
  await using ssh = await fakePort((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  await using page = await fakeRegistry({
    answers: [[/./, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in')]],
  });
  const refused = await closedPort();
  const of = async (host: string): Promise<string> =>
    codeOf(await registries([`http://${host}`], { wire: host === silent.host ? hasty : wire }).ping(host));
  assert.deepEqual(
    await Promise.all([
      of(refused),
      of(silent.host),
      of(hangsUp.host),
      of(ssh.host),
      of(page.host),
      of('no-such-host.invalid'),
    ]),
    ['refused', 'silent', 'reset', 'not-http', 'not-a-registry', 'name-not-found'],
  );
  assert.equal(codeOf(await registries([]).ping('registry.example')), 'host-not-named');
});

/** What a registry answers to the manifest of `app:1`, and what is made of it. */
const answers: [code: FaultCode, handler: Handler][] = [
  ['not-found', refuse(404, 'MANIFEST_UNKNOWN', 'no such tag')],
  ['denied', refuse(403, 'DENIED', 'requested access to the resource is denied')],
  ['unauthorized', refuse(401, 'UNAUTHORIZED', 'who are you', { 'www-authenticate': 'Basic realm="x"' })],
  [
    'blocked-by-policy',
    refuse(412, 'PROJECTPOLICYVIOLATION', 'current image with vulnerability cannot be pulled due to configured policy'),
  ],
  ['rate-limited', refuse(429, 'TOOMANYREQUESTS', 'slow down', { 'retry-after': '7' })],
  ['server-error', (_, response) => response.writeHead(503).end('upstream down')],
  ['unexpected-status', (_, response) => response.writeHead(418).end()],
  ['not-a-registry', (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>nginx')],
  [
    'not-a-registry',
    (_, response) =>
      response.writeHead(200, { 'docker-content-digest': sha256('x'), 'content-type': 'text/html' }).end('<html>'),
  ],
  ['wrong-digest', (_, response) => response.writeHead(200, { 'docker-content-digest': sha256('x') }).end('{}')],
  [
    'truncated',
    (_, response) =>
      void response.writeHead(200, { 'content-length': 500 }).write('{"schemaVersion"', () => response.destroy()),
  ],
  ['body-too-large', (_, response) => void response.writeHead(200, { 'content-length': 5_000_000 }).write('x')],
  ['body-too-large', endless()],
  [
    'headers-too-large',
    (request) => void request.socket.write(`HTTP/1.1 200 OK\r\n${'x-endless: again and again\r\n'.repeat(4000)}`),
  ],
  ['not-http', (request) => void request.socket.end('+OK dovecot ready\r\n')],
  ['redirect-circle', (request, response) => response.writeHead(307, { location: `${request.url}?` }).end()],
  ['too-many-redirects', (request, response) => response.writeHead(302, { location: `${request.url}x` }).end()],
  [
    'host-not-named',
    (_, response) => response.writeHead(307, { location: 'https://blobs.example/x?signature=s' }).end(),
  ],
  ['unexpected-status', (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()],
];

/** Answers that never come to an end. */
const stalls: typeof answers = [
  ['truncated', (_, response) => void response.writeHead(200).write('{')],
  ['silent', () => undefined],
  ['silent', (request) => drip(request.socket, 'HTTP/1.1 200 OK\r\n', 'x: y\r\n')],
  ['silent', (request) => drip(request.socket, '', 'HTTP/1.1 103 Early Hints\r\n\r\n')],
  ['truncated', (request) => drip(request.socket, 'HTTP/1.1 200 OK\r\n\r\n', 'x')],
];

function* forever(): Generator<string> {
  for (;;) yield 'x'.repeat(65_536);
}

function endless(): Handler {
  return (_, response) => void pipeline(forever, response.writeHead(200)).catch(() => undefined);
}

function drip(socket: NodeJS.WritableStream & { destroyed?: boolean }, first: string, drop: string): void {
  socket.write(first);
  const timer = setInterval(() => (socket.destroyed === true ? clearInterval(timer) : socket.write(drop)), 20);
}

test('every bad answer is one fault, within bounded time and memory', async () => {
  const before = process.memoryUsage().rss;
  const seen = await Promise.all(
    [...answers, ...stalls].map(async ([, handler], at) => {
      await using registry = await fakeRegistry({ answers: [[/manifests/, handler]] });
      const options = at < answers.length ? {} : { wire: hasty };
      const client = registries([`http://${registry.host}`], options);
      const outcome = await client.manifest({ host: registry.host, path: 'app' }, '1');
      if (!outcome.ok) assert.doesNotMatch(outcome.fault.detail, /signature|\n/);
      return codeOf(outcome);
    }),
  );
  assert.deepEqual(
    seen,
    [...answers, ...stalls].map(([code]) => code),
  );
  assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20, 'endless answers are not kept');
});

test('the reading half of the API works against a registry that behaves', async () => {
  const subject = sha256('subject');
  const index = {
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ digest: image.digest, size: 1, artifactType: 'application/sig' }],
  };
  const fallback = { mediaType: index.mediaType, bytes: Buffer.from(JSON.stringify(index)) };
  await using registry = await fakeRegistry({
    ...stored,
    manifests: { ...stored.manifests, [`app:${subject.replace(':', '-')}`]: fallback },
    answers: [
      [
        /\/app\/tags\/list\?n=1000$/,
        json(200, { tags: ['b', 'a'] }, { link: '</v2/app/tags/list?n=1000&last=b>; rel="next"' }),
      ],
      [/tags\/list.*last=b/, json(200, { tags: ['c'] })],
      [/\/v2\/empty\/tags/, json(200, { tags: null })],
      [new RegExp(`referrers/${image.digest}`), json(200, { schemaVersion: 2, ...index })],
    ],
  });
  const client = registries([`http://${registry.host}`]);
  const app = { host: registry.host, path: 'app' };
  assert.deepEqual(await client.tags(app), { ok: true, value: ['a', 'b', 'c'] });
  assert.deepEqual(await client.tags({ ...app, path: 'empty' }), { ok: true, value: [] });
  const [byTag, byDigest, head] = await Promise.all([
    client.manifest(app, '1'),
    client.manifest(app, image.digest),
    client.manifestHead(app, '1'),
  ]);
  assert.ok(byTag.ok && byDigest.ok && head.ok);
  assert.equal(byTag.value.digest, image.digest);
  assert.equal(byDigest.value.manifest.kind, 'image');
  assert.deepEqual(head.value, {
    digest: image.digest,
    mediaType: image.manifest.mediaType,
    size: image.manifest.bytes.length,
  });
  const size = image.blobs[image.layer]?.length ?? 0;
  assert.deepEqual(await client.blobHead(app, image.layer), { ok: true, value: { size } });
  const part = await client.blob(app, image.layer, 4, 9);
  assert.ok(part.ok);
  assert.deepEqual(
    [part.value.start, part.value.size, Buffer.concat(await part.value.stream.toArray()).toString()],
    [4, size, 'yer fo'],
  );
  for (const digest of [image.digest, subject]) {
    const referrers = await client.referrers(app, digest);
    assert.ok(referrers.ok);
    assert.deepEqual(
      referrers.value.map(({ artifactType }) => artifactType),
      ['application/sig'],
    );
  }
  assert.deepEqual(await client.referrers(app, sha256('nobody refers to this')), { ok: true, value: [] });
});

test('what may pass is tried again, after the time that the registry asks for when that is bearable', async () => {
  let calls = 0;
  const twice: Handler = (request, response) => {
    calls += 1;
    const handler =
      calls < 3
        ? refuse(calls === 1 ? 429 : 502, 'TOOMANYREQUESTS', 'later', { 'retry-after': '0' })
        : json(200, { tags: ['a'] });
    handler(request, response);
  };
  await using registry = await fakeRegistry({
    answers: [
      [/\/app\/tags/, twice],
      [/\/slow\/tags/, refuse(429, 'TOOMANYREQUESTS', 'later', { 'retry-after': '3600' })],
    ],
  });
  const client = registries([`http://${registry.host}`], { persistence: { attempts: 3, delay: 1, longest: 50 } });
  assert.deepEqual(await client.tags({ host: registry.host, path: 'app' }), { ok: true, value: ['a'] });
  const slow = await client.tags({ host: registry.host, path: 'slow' });
  assert.ok(!slow.ok && slow.fault.retryAfter === 3600);
  assert.equal(registry.requests.filter((line) => line.includes('/slow/')).length, 1);
});
