import assert from 'node:assert/strict';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { Agent, globalAgent } from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { policyYaml, workspace } from '../plugin/commands/workspace.ts';
import { issue } from '../x509.ts';
import { patchOf, podOf, responseOf, reviewOf } from '../webhook/reviews.ts';
import { ask, startWebhook, type Webhook } from './start.ts';

const ca = issue({ cn: 'test CA', ca: true });
const leafOf = (cn: string, until?: Date) =>
  issue({
    cn,
    names: ['IP:127.0.0.1', 'DNS:localhost'],
    by: ca,
    usages: ['server'],
    ...(until === undefined ? {} : { until }),
  });
const first = leafOf('first');
const folder = workspace({
  'policy.yaml': policyYaml('Enforce'),
  'tls.crt': first.pem,
  'tls.key': first.keyPem,
  'good.yaml': policyYaml('Enforce'),
  'good.crt': first.pem,
  'good.key': first.keyPem,
});
const inside = (name: string): string => path.join(folder, name);
const flags = ['--policy', inside('policy.yaml'), '--tls-cert', inside('tls.crt'), '--tls-key', inside('tls.key')];

/** Replaces a file in one step, as a mounted Secret or ConfigMap is replaced. */
function replace(name: string, text: string): void {
  writeFileSync(inside(`.${name}`), text);
  renameSync(inside(`.${name}`), inside(name));
}

let webhook: Webhook;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
before(async () => {
  webhook = await startWebhook(...flags);
});
after(() => {
  webhook.process.kill('SIGKILL');
  agent.destroy();
  globalAgent.destroy();
});

const post = (url: string, review: unknown) =>
  ask(webhook.port, url, { method: 'POST', body: JSON.stringify(review), ca: ca.pem, agent });
const get = (url: string) => ask(webhook.port, url, { ca: ca.pem, agent });

test('/mutate answers with the smallest patch, /validate turns away what no rule covers', async () => {
  const mutated = await post('/mutate', reviewOf(podOf('nginx:1.27', 'my-registry.local/x')));
  assert.equal(mutated.status, 200);
  const { uid, allowed, patchType, ...rest } = responseOf(mutated.text);
  assert.deepEqual([uid, allowed, patchType], ['b1f1f1e2-7f3c-4b6e-9e3f-2d2f8c0f1a11', true, 'JSONPatch']);
  assert.deepEqual(patchOf({ uid, allowed, ...rest }), [
    { op: 'replace', path: '/spec/containers/0/image', value: 'my-registry.local/library/nginx:1.27' },
    {
      op: 'add',
      path: '/metadata/annotations',
      value: { 'airgap.dev/original-images': '{"containers/c0":"nginx:1.27"}' },
    },
  ]);
  const rejected = responseOf((await post('/validate', reviewOf(podOf('evil.io/x:1')))).text);
  assert.equal(rejected.allowed, false);
  assert.equal(rejected.status?.code, 403);
  assert.match(rejected.status.message, /container c0: evil\.io\/x:1: no mirror covers it .* sourcePrefix evil\.io/);
  const accepted = responseOf((await post('/validate', reviewOf(podOf('my-registry.local/x')))).text);
  assert.deepEqual(accepted, { uid: accepted.uid, allowed: true });
});

test('a rejection is logged with rule and reason, and no log line holds the object', async () => {
  const object = { ...podOf('evil.io/logged:1'), secret: 'hunter2' };
  await post('/validate', reviewOf(object));
  const line = await webhook.logged('evil.io/logged:1');
  assert.equal(line['message'], 'rejected');
  assert.match(JSON.stringify(line), /"rule":null,"reason":"no mirror covers it/);
  assert.ok(!JSON.stringify(webhook.log).includes('hunter2'));
});

test('it is healthy, ready, and tells its metrics on a port of their own', async () => {
  assert.deepEqual(await get('/healthz'), { status: 200, text: 'ok\n', connection: 'keep-alive' });
  assert.deepEqual(await get('/readyz'), { status: 200, text: 'ok\n', connection: 'keep-alive' });
  assert.equal((await get('/metrics')).status, 404);
  await post('/mutate', reviewOf(podOf('redis')));
  const text = await (await fetch(`http://127.0.0.1:${webhook.metricsPort}/metrics`)).text();
  assert.match(
    text,
    /airgap_image_decisions_total\{webhook="mutate",action="rewrite",effect="rewrite",rule="docker\.io\/library",mode="Enforce",namespace="team"\} \d/,
  );
  assert.match(text, /airgap_policy_current 1\n/);
  assert.match(text, /airgap_certificate_expiry_timestamp_seconds \d{10}/);
  for (const line of text.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/);
});

test('what is no review is refused cheaply and the server goes on', async () => {
  const send = async (body: string | Buffer, headers = {}): Promise<number> =>
    (await ask(webhook.port, '/mutate', { method: 'POST', body, headers, ca: ca.pem })).status;
  assert.equal(await send(''), 400);
  assert.equal(await send('{'), 400);
  assert.equal(await send('null'), 400);
  assert.equal(await send('[]'), 400);
  assert.equal(await send('"x"'), 400);
  assert.equal(await send(Buffer.from([0xff, 0xfe, 0x00])), 400);
  assert.equal(
    await send(
      JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1beta1', request: { uid: 'x' } }),
    ),
    400,
  );
  assert.equal(
    await send(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request: {} })),
    400,
  );
  assert.equal(await send('{}', { 'content-type': 'text/plain' }), 415);
  assert.equal(await send('['.repeat(3_000_000)), 400);
  assert.equal(await send(`{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`), 400);
  assert.equal((await get('/mutate')).status, 404);
  assert.equal((await get('/')).status, 404);
  assert.equal((await get('/healthz')).status, 200);
});

test('a review of 3 MiB is judged, and one that is too large is refused', async () => {
  const pod = podOf('nginx') as { spec: object };
  const big = { ...pod, metadata: { name: 'p', annotations: { big: 'x'.repeat(3 << 20) } } };
  const review = reviewOf(big, { operation: 'UPDATE', oldObject: { ...big, spec: {} } });
  const { status, text } = await post('/mutate', review);
  assert.equal(status, 200);
  assert.equal(patchOf(responseOf(text))[0]?.value, 'my-registry.local/library/nginx');
  // The server may close the connection while the client is still sending.
  const huge = ask(webhook.port, '/mutate', { method: 'POST', body: 'x'.repeat(20 << 20), ca: ca.pem });
  assert.equal(
    await huge.then(
      ({ status: code }) => code,
      () => 413,
    ),
    413,
  );
  assert.equal((await get('/healthz')).status, 200);
});

test('clients that send half a request and wait hold up nobody', async () => {
  const slow = Array.from({ length: 50 }, () => {
    const socket = connect({ host: '127.0.0.1', port: webhook.port, ca: ca.pem });
    socket.on('error', () => undefined);
    socket.write(
      'POST /mutate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"a":',
    );
    return socket;
  });
  await Promise.all(slow.map((socket) => once(socket, 'secureConnect')));
  assert.equal((await post('/mutate', reviewOf(podOf('nginx')))).status, 200);
  for (const socket of slow) socket.destroy();
});

test('a changed policy is taken, a bad one leaves the last good one in force', async () => {
  replace('policy.yaml', policyYaml('Warn'));
  await webhook.logged('policy replaced');
  const warned = responseOf((await post('/mutate', reviewOf(podOf('nginx')))).text);
  assert.equal(warned.patch, undefined);
  assert.match(warned.warnings?.[0] ?? '', /container c0: nginx will be rewritten to my-registry/);

  replace('policy.yaml', policyYaml('nonsense'));
  const line = await webhook.logged('the changed policy does not load: the last good one stays in force');
  assert.match(JSON.stringify(line['problems']), /policy\.yaml:5: spec\.mode/);
  assert.equal((await get('/readyz')).status, 200);
  assert.equal(responseOf((await post('/mutate', reviewOf(podOf('nginx')))).text).warnings?.length, 1);
  assert.match(
    await (await fetch(`http://127.0.0.1:${webhook.metricsPort}/metrics`)).text(),
    /airgap_policy_current 0\n/,
  );
});

test('a renewed certificate is served without a restart, a bad one is not', async () => {
  const served = async (): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port: webhook.port, ca: ca.pem });
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  };
  assert.equal(await served(), 'first');
  const next = leafOf('second');
  replace('tls.crt', next.pem);
  await webhook.logged('the changed certificate is not used: the last good one stays');
  assert.equal(await served(), 'first');
  replace('tls.key', next.keyPem);
  await webhook.logged('certificate replaced');
  assert.equal(await served(), 'second');
  assert.equal((await post('/mutate', reviewOf(podOf('nginx')))).status, 200);
});

const startAnother = (shutdownDelay: number): Promise<Webhook> =>
  startWebhook(
    ...flags.with(1, inside('good.yaml')).with(3, inside('good.crt')).with(5, inside('good.key')),
    '--shutdown-delay',
    `${shutdownDelay}`,
  );
const review = JSON.stringify(reviewOf(podOf('nginx')));

test('after SIGTERM everything is answered as before, and clients are told to go elsewhere', async () => {
  // Far longer than this takes on any machine; then it is killed.
  const one = await startAnother(600);
  let answered = 0;
  const stop = new AbortController();
  const load = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const { status } = await ask(one.port, '/mutate', { method: 'POST', body: review, ca: ca.pem, agent });
      assert.equal(status, 200);
      answered += 1;
    }
  };
  const running = [load(), load()];
  one.process.kill('SIGTERM');
  await one.logged('stopping');
  stop.abort();
  await Promise.all(running);
  assert.ok(answered > 0);
  assert.equal((await ask(one.port, '/readyz', { ca: ca.pem })).status, 503);
  const last = await ask(one.port, '/mutate', { method: 'POST', body: review, ca: ca.pem, agent });
  assert.deepEqual([last.status, last.connection], [200, 'close']);
  one.process.kill('SIGKILL');
});

test('after the delay the process ends with 0, though clients keep their connections', async () => {
  const one = await startAnother(1);
  const { connection } = await ask(one.port, '/mutate', { method: 'POST', body: review, ca: ca.pem, agent });
  assert.equal(connection, 'keep-alive');
  const exited = once(one.process, 'exit');
  one.process.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});

test('a request that is under way when the server closes is answered, and then the process ends with 0', async () => {
  const one = await startAnother(0);
  const socket = connect({ host: '127.0.0.1', port: one.port, ca: ca.pem });
  let heard = '';
  socket.setEncoding('utf8').on('data', (text) => (heard += String(text)));
  const head = ['POST /mutate HTTP/1.1', 'host: x', 'content-type: application/json', 'expect: 100-continue'];
  socket.write([...head, `content-length: ${review.length}`, '', ''].join('\r\n'));
  while (!heard.startsWith('HTTP/1.1 100')) await once(socket, 'data');
  const exited = once(one.process, 'exit');
  one.process.kill('SIGTERM');
  for (let refused = false; !refused;)
    refused = await ask(one.port, '/readyz', { ca: ca.pem }).then(
      () => false,
      () => true,
    );
  socket.write(review);
  await once(socket, 'close');
  assert.match(heard, /HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n/i);
  assert.deepEqual(await exited, [0, null]);
});
