import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { resolveTarget } from '../../../plugin/cluster/target.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-kubeconfig-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, config: object | string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  return file;
}

const config = (name: string, current = true): object => ({
  clusters: [{ name, cluster: { server: `https://${name}.corp:6443`, 'certificate-authority': 'ca.crt' } }],
  users: [{ name, user: { token: `${name}-token`, exec: { command: './bin/login', args: ['x'] } } }],
  contexts: [{ name, context: { cluster: name, user: name, namespace: `${name}-ns` } }],
  ...(current ? { 'current-context': name } : {}),
});

const a = write('a/config', config('a', false));
const b = write('b/config', config('b'));
const c = write('c/config', {
  ...config('c'),
  clusters: [
    { name: 'b', cluster: { server: 'https://other.corp' } },
    { name: 'c', cluster: { server: 'c.corp:1' } },
  ],
});

test('files merge as kubectl merges them: the first entry of a name counts, missing files do not', () => {
  const KUBECONFIG = [path.join(folder, 'missing'), a, '', b, c].join(path.delimiter);
  const target = resolveTarget({}, { KUBECONFIG });
  assert.equal(target.context, 'b');
  assert.equal(target.namespace, 'b-ns');
  assert.equal(target.server, 'https://b.corp:6443');
  assert.equal(target.cluster['certificate-authority'], path.join(folder, 'b', 'ca.crt'));
  assert.equal(target.userSource, `user "b" in ${b}`);
  assert.equal(resolveTarget({ context: 'a' }, { KUBECONFIG }).server, 'https://a.corp:6443');
  assert.equal(resolveTarget({ cluster: 'a' }, { KUBECONFIG }).server, 'https://a.corp:6443');
  assert.equal(resolveTarget({ user: 'a' }, { KUBECONFIG }).user['token'], 'a-token');
  assert.equal(resolveTarget({ context: 'c' }, { KUBECONFIG }).server, 'http://c.corp:1');
  assert.equal(resolveTarget({ kubeconfig: a, context: 'a' }, { KUBECONFIG }).context, 'a');
  assert.equal(
    resolveTarget({}, { HOME: write('home/.kube/config', config('h')).replace('/.kube/config', '') }).context,
    'h',
  );
});

test('a plugin beside the kubeconfig is started from there', () => {
  const { user } = resolveTarget({}, { KUBECONFIG: b });
  assert.deepEqual(user['exec'], { command: path.join(folder, 'b', 'bin/login'), args: ['x'] });
});

test('flags replace what the kubeconfig says, and what would contradict them', () => {
  const target = resolveTarget(
    {
      kubeconfig: b,
      server: 'https://x.corp',
      token: 't',
      insecureSkipTlsVerify: true,
      as: 'jane',
      asGroup: ['g'],
      asUid: '7',
      tlsServerName: 'n',
      clientCertificate: 'c.crt',
    },
    {},
  );
  assert.equal(target.server, 'https://x.corp');
  assert.deepEqual(target.cluster, {
    server: 'https://b.corp:6443',
    'insecure-skip-tls-verify': true,
    'tls-server-name': 'n',
  });
  assert.deepEqual(target.user, {
    token: 't',
    'client-certificate': 'c.crt',
    as: 'jane',
    'as-groups': ['g'],
    'as-uid': '7',
  });
  assert.equal(resolveTarget({ server: 'https://x.corp' }, {}).server, 'https://x.corp');
});

test('what is wrong is said with the names that there are', () => {
  const cases: readonly (readonly [Parameters<typeof resolveTarget>[0], object, RegExp, RegExp])[] = [
    [{}, {}, /There is no kubeconfig/, /--kubeconfig FILE\.$/],
    [{ kubeconfig: '/no/such' }, {}, /There is no kubeconfig at \/no\/such/, /--kubeconfig/],
    [{ kubeconfig: folder }, {}, /cannot be read/, /--kubeconfig/],
    [{ kubeconfig: write('bad', 'a: [') }, {}, /is not YAML/, /kubectl config view/],
    [{ kubeconfig: write('text', 'hello') }, {}, /is not a kubeconfig/, /--kubeconfig/],
    [{ kubeconfig: a }, {}, /No context is chosen/, /"a"/],
    [{ kubeconfig: b, context: 'x' }, {}, /no context "x"/, /"b"/],
    [{ kubeconfig: b, cluster: 'x' }, {}, /no cluster "x"/, /"b"/],
    [{ kubeconfig: b, user: 'x' }, {}, /no user "x"/, /"b"/],
    [
      { kubeconfig: write('stale', { ...config('s'), 'current-context': 'gone' }) },
      {},
      /current context "gone" is not in/,
      /use-context/,
    ],
    [{ kubeconfig: write('empty', '') }, {}, /No context is chosen/, /holds no contexts/],
    [
      { kubeconfig: write('odd', { contexts: 7, clusters: 'x', users: [null, 3], 'current-context': ['x'] }) },
      {},
      /No context/,
      /no contexts/,
    ],
  ];
  for (const [flags, environment, message, hint] of cases)
    assert.throws(
      () => resolveTarget(flags, environment as Record<string, string>),
      (error: Error & { hint: string; code: string }) => {
        assert.match(error.message, message);
        assert.match(error.hint, hint);
        assert.ok(error.code === 'usage' || error.code === 'input');
        return true;
      },
    );
});
