import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redactSecret } from '../../../shared/kube/redact-secret.ts';
import { readSecret } from '../../../shared/kube/secret.ts';
import { base64, issue } from '../../x509.ts';

const { pem, keyPem } = issue({ cn: 'web', names: ['DNS:web.corp'] });

function secret(type: string, data: Record<string, string>, annotations: Record<string, string> = {}): object {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  return { metadata: { namespace: 'app', name: 'web', uid: 'u', annotations }, type, data: encoded };
}

const pull = (content: string, type = 'kubernetes.io/dockerconfigjson', key = '.dockerconfigjson'): object =>
  secret(type, { [key]: content });

test('what is left reads as the whole did, and holds no secret byte', () => {
  const last = JSON.stringify({ data: { 'tls.key': 'hunter2' } });
  const annotations = {
    'cert-manager.io/certificate-name': 'web',
    'kubectl.kubernetes.io/last-applied-configuration': last,
  };
  const login = base64('robot:hunter2');
  for (const raw of [
    secret('kubernetes.io/tls', { 'tls.crt': pem + keyPem, 'tls.key': keyPem, 'ca.crt': pem }, annotations),
    secret('kubernetes.io/tls', { 'tls.crt': 'hunter2', 'tls.key': keyPem }),
    secret('Opaque', { password: 'hunter2', 'bundle.pem': keyPem + pem }),
    secret('kubernetes.io/dockerconfigjson', { wrong: 'hunter2' }),
    pull(''),
    pull('hunter2'),
    pull(base64(JSON.stringify({ auths: { 'r.corp': { auth: login } } }))),
    pull(JSON.stringify({ auths: { 'r.corp:5000': { auth: login }, 'https://index.docker.io/v1/': {} } })),
    pull(JSON.stringify({ auths: { 'r.corp/team': { username: 'robot', password: 'hunter2' } } })),
    pull(JSON.stringify({ auths: { 'r.corp': { auth: 'hunter2!' } } })),
    pull(JSON.stringify({ auths: { 'r.corp': { auth: base64('hunter2') } } })),
    pull(JSON.stringify({ auths: { 'r.corp': { password: 7 } } })),
    pull(JSON.stringify({ auths: { 'r.corp': 'hunter2' } })),
    pull(JSON.stringify({ 'r.corp': { auth: login } })),
    pull(JSON.stringify({ token: 'hunter2' })),
    pull(JSON.stringify({ 'r.corp': { auth: login } }), 'kubernetes.io/dockercfg', '.dockercfg'),
    pull(JSON.stringify({ auths: { 'r.corp': { auth: login } } }), 'kubernetes.io/dockercfg', '.dockercfg'),
  ]) {
    const left = redactSecret(raw as Record<string, unknown>);
    assert.deepEqual(readSecret(left), readSecret(raw as Record<string, unknown>), JSON.stringify(raw));
    const decoded = Object.values(left['data'] as Record<string, string>).map((value) => Buffer.from(value, 'base64'));
    const all = JSON.stringify(left) + decoded.join('\n');
    for (const byte of ['hunter2', login, base64('hunter2'), 'PRIVATE KEY', keyPem.split('\n')[1] ?? ''])
      assert.ok(!all.includes(byte), `${byte} in ${all}`);
  }
});

test('the two readings agree on any docker configuration', () => {
  const leaf = fc.oneof(fc.string(), fc.constant(base64('u:p')), fc.integer(), fc.constant(null));
  const entry = fc.oneof(leaf, fc.dictionary(fc.constantFrom('auth', 'username', 'password', 'x'), leaf));
  const hosts = fc.dictionary(
    fc.constantFrom('r.corp', 'r.corp:5000/a', 'https://index.docker.io/v1/', 'auths', '*.x'),
    entry,
  );
  const config = fc.oneof(hosts, fc.record({ auths: hosts }), fc.record({ auths: leaf, credsStore: fc.string() }));
  fc.assert(
    fc.property(config, fc.boolean(), (content, old) => {
      const raw = old
        ? pull(JSON.stringify(content), 'kubernetes.io/dockercfg', '.dockercfg')
        : pull(JSON.stringify(content));
      const read = readSecret(raw as Record<string, unknown>);
      assert.deepEqual(readSecret(redactSecret(raw as Record<string, unknown>)), read);
    }),
  );
});
