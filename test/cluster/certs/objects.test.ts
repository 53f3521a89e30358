import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import forge from 'node-forge';
import { base64, issue, type Issued } from '../../x509.ts';
import type { Manifest } from '../api.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { causesOf, operatorOf, type Operator } from './operator.ts';

const day = 86_400_000;
const days = (from: number, until: number): { from: Date; until: Date } => ({
  from: new Date(Date.now() + from * day),
  until: new Date(Date.now() + until * day),
});
const ca = issue({ cn: 'tools ca', ca: true, ...days(-30, 3000) });
const stale = issue({ cn: 'tools ca', ca: true, ...days(-400, 2000) });
const hook = issue({ cn: 'hook', names: ['DNS:hook.hooks.svc'], by: ca, ...days(-10, 300) });

let cluster: ControlPlaneCluster;
let operator: Operator;
before(async () => {
  cluster = await startControlPlane();
  operator = await operatorOf(cluster);
});
after(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const secret = (at: string, name: string, type: string, data: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: at, name },
  type,
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});
const tls = (at: string, name: string, shown: Issued, more: Readonly<Record<string, string>> = {}): Manifest =>
  secret(at, name, 'kubernetes.io/tls', { 'tls.crt': shown.pem, 'tls.key': shown.keyPem, ...more });
function provide(name: string, content: string): void {
  writeFileSync(path.join(operator.folder, name), content);
}

test('found and cured: one expired certificate in the TLS secrets of three namespaces', async () => {
  const expired = issue({ cn: 'shop', names: ['DNS:shop.corp'], by: ca, ...days(-300, -2) });
  const names = ['tls-a', 'tls-b', 'tls-c'];
  for (const name of names) await cluster.api.apply(namespace(name), tls(name, 'wildcard', expired));
  const found = await operator.found('wildcard');
  assert.deepEqual(causesOf(found), ['error cert-expired']);
  assert.deepEqual(
    found.flatMap(({ objects }) => objects.map((object) => object.namespace)),
    names,
  );
  const renewed = issue({ cn: 'shop', names: ['DNS:shop.corp'], by: ca, ...days(-1, 300) });
  provide('new.crt', renewed.pem);
  provide('new.key', renewed.keyPem);
  for (const expected of [['tls-b', 'tls-c'], ['tls-c'], []]) {
    const [finding] = await operator.findings('wildcard');
    await operator.paste(finding, /create secret tls/);
    const left = (await operator.findings('wildcard')).flatMap(({ objects }) =>
      objects.map((object) => object.namespace),
    );
    assert.deepEqual(left, expected);
  }
});

test('found and cured: a CA that ends soon in a secret of no special type', async () => {
  const near = issue({ cn: 'near ca', ca: true, ...days(-3600, 15) });
  await cluster.api.apply(
    namespace('opaque'),
    secret('opaque', 'trust', 'Opaque', { 'corp.pem': near.pem, password: 'hunter2' }),
  );
  const found = await operator.found('opaque');
  assert.deepEqual(causesOf(found), ['error cert-expiring']);
  assert.ok(!JSON.stringify(found).includes('hunter2'));
  provide('new.crt', ca.pem);
  await operator.paste(found[0], /patch secret trust/);
  await operator.gone('opaque');
});

test('found and cured: an expired company CA in a ConfigMap', async () => {
  const expired = issue({ cn: 'company root', ca: true, ...days(-3600, -20) });
  const published = (pem: string): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'default', name: 'company-trust' },
    data: { 'ca.crt': pem, note: 'x' },
  });
  await cluster.api.apply(published(expired.pem));
  assert.deepEqual(causesOf(await operator.found('company-trust')), ['error cert-expired']);
  await cluster.api.apply(published(ca.pem));
  await operator.gone('company-trust');
});

function request(name: string, signerName: string): Manifest {
  const keys = forge.pki.rsa.generateKeyPair(1024);
  const csr = forge.pki.createCertificationRequest();
  csr.publicKey = keys.publicKey;
  csr.setSubject([{ name: 'commonName', value: 'somebody' }]);
  csr.sign(keys.privateKey, forge.md.sha256.create());
  const spec = { request: base64(forge.pki.certificationRequestToPem(csr)), signerName, usages: ['client auth'] };
  return { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name }, spec };
}
const inTenMinutes = (): string[] => ['--now', new Date(Date.now() + 600_000).toISOString()];

test('found and cured: requests that wait, were denied, and were approved for nothing', async () => {
  const signer = 'kubernetes.io/kube-apiserver-client';
  const create = async (manifest: Manifest): Promise<void> =>
    void (await cluster.kubectl(['create', '-f', '-'], JSON.stringify(manifest)));
  await create(request('csr-waits', signer));
  assert.deepEqual(await operator.findings('csr-waits'), [], 'a moment old');
  const [waiting] = await operator.findings('csr-waits', inTenMinutes());
  assert.equal(waiting?.cause, 'csr-pending');
  assert.match(await operator.paste(waiting, /openssl req|certificate approve/), /subject=CN ?= ?somebody/i);
  await cluster.kubectl(['wait', 'csr/csr-waits', '--for=jsonpath={.status.certificate}', '--timeout=20s']);
  assert.deepEqual(await operator.findings('csr-waits', inTenMinutes()), []);

  await create(request('csr-denied', signer));
  await cluster.kubectl(['certificate', 'deny', 'csr-denied']);
  const [denied] = await operator.found('csr-denied');
  assert.equal(denied?.cause, 'csr-refused');
  await operator.paste(denied, /delete csr/);
  await operator.gone('csr-denied');

  await create(request('csr-orphan', 'example.com/nobody'));
  await cluster.kubectl(['certificate', 'approve', 'csr-orphan']);
  const [orphan] = await operator.findings('csr-orphan', inTenMinutes());
  assert.equal(orphan?.cause, 'csr-not-issued');
});

const hooks = (name: string, more: Readonly<Record<string, unknown>>): Manifest => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name },
  webhooks: [
    {
      name: `${name}.example.com`,
      clientConfig: { service: { namespace: 'hooks', name: 'hook' }, caBundle: base64(ca.pem) },
      // Of a group that nobody serves, so that the webhook is never called.
      rules: [
        { apiGroups: ['nobody.example.com'], apiVersions: ['v1'], resources: ['things'], operations: ['CREATE'] },
      ],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      ...more,
    },
  ],
});
const service: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'hooks', name: 'hook' },
  spec: { ports: [{ port: 443 }] },
};
const slice: Manifest = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { namespace: 'hooks', name: 'hook-1', labels: { 'kubernetes.io/service-name': 'hook' } },
  addressType: 'IPv4',
  ports: [{ name: '', port: 443 }],
  endpoints: [{ addresses: ['192.0.2.7'], conditions: { ready: true } }],
};

test('found and cured: a webhook without a service, then without endpoints, then left behind', async () => {
  await cluster.api.apply(namespace('hooks'), hooks('mutate', {}));
  const [missing] = await operator.found('mutate');
  assert.equal(missing?.cause, 'webhook-service-missing');
  await cluster.api.apply(service);
  assert.deepEqual(causesOf(await operator.found('mutate')), ['error webhook-no-endpoints']);
  await cluster.api.apply(slice);
  await operator.gone('mutate');
  await cluster.api.delete('/api/v1/namespaces/hooks/services/hook');
  const [left] = await operator.found('mutate');
  await operator.paste(left, /kubectl delete mutatingwebhookconfiguration mutate$/);
  await operator.gone('mutate');
});

test('found and cured: a CA bundle that is stale, in a webhook and in a conversion', async () => {
  const old = { service: { namespace: 'hooks', name: 'hook' }, caBundle: base64(stale.pem) };
  const version = { served: true, schema: { openAPIV3Schema: { type: 'object' } } };
  await cluster.api.apply(
    namespace('hooks'),
    service,
    slice,
    tls('hooks', 'hook-tls', hook, { 'ca.crt': ca.pem }),
    hooks('outdated', { clientConfig: old }),
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'pools.outdated.example.com' },
      spec: {
        group: 'outdated.example.com',
        scope: 'Cluster',
        names: { plural: 'pools', singular: 'pool', kind: 'Pool' },
        versions: [
          { name: 'v1', storage: true, ...version },
          { name: 'v1beta1', storage: false, ...version },
        ],
        conversion: { strategy: 'Webhook', webhook: { clientConfig: old, conversionReviewVersions: ['v1'] } },
      },
    },
  );
  const found = await operator.found('outdated');
  assert.deepEqual(causesOf(found), ['error conversion-webhook', 'error webhook-ca-mismatch']);
  for (const finding of found) await operator.paste(finding, /kubectl patch .*get secret hook-tls/);
  await operator.gone('outdated');
});

test('found and cured: a bundle that is missing, and one that is no certificate', async () => {
  const to = { service: { namespace: 'hooks', name: 'hook' } };
  await cluster.api.apply(
    namespace('hooks'),
    service,
    slice,
    tls('hooks', 'hook-tls', hook, { 'ca.crt': ca.pem }),
    hooks('unfilled', { clientConfig: to }),
    hooks('placeholder', { clientConfig: { ...to, caBundle: base64('CHANGE ME') } }),
  );
  for (const [name, cause] of [
    ['unfilled', 'webhook-ca-missing'],
    ['placeholder', 'cert-unreadable'],
  ] as const) {
    const found = await operator.found(name);
    assert.deepEqual(causesOf(found), [`error ${cause}`]);
    await operator.paste(found[0], /kubectl patch/);
    await operator.gone(name);
  }
});

test('found and cured: a webhook that must approve its own pods', async () => {
  const pods = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }];
  const only = (values: string[]): object => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }],
  });
  await cluster.api.apply(
    namespace('hooks'),
    service,
    slice,
    hooks('locked', { rules: pods, namespaceSelector: only(['hooks', 'none']) }),
  );
  const found = await operator.found('locked');
  assert.deepEqual(causesOf(found), ['warning webhook-deadlock']);
  await operator.paste(found[0], /> webhook\.yaml/);
  await cluster.api.apply(hooks('locked', { rules: pods, namespaceSelector: only(['none']) }));
  await operator.gone('locked');
});

test('found and cured: an aggregated API whose service was removed', async () => {
  await cluster.api.apply({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.leftover.example.com' },
    spec: {
      group: 'leftover.example.com',
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { namespace: 'gone', name: 'api' },
    },
  });
  const [finding] = await operator.found('leftover');
  assert.equal(finding?.cause, 'apiservice-unavailable');
  assert.match(finding.summary, /service\/api in "gone" is not present/);
  await operator.paste(finding, /delete apiservice/);
  await operator.gone('leftover');
});

test('a recording of a broken cluster gives the findings of the live one, and holds no key', async () => {
  const expired = issue({ cn: 'recorded', names: ['DNS:recorded.corp'], by: ca, ...days(-300, -2) });
  const old = { service: { namespace: 'hooks', name: 'hook' }, caBundle: base64(stale.pem) };
  await cluster.api.apply(
    namespace('recorded'),
    tls('recorded', 'recorded', expired, { 'ca.crt': stale.pem }),
    secret('recorded', 'mixed', 'Opaque', { 'all.pem': expired.keyPem + expired.pem, password: 'hunter2' }),
    hooks('recorded', { clientConfig: old }),
    hooks('recorded-nowhere', {
      clientConfig: { service: { namespace: 'recorded', name: 'none' }, caBundle: base64(ca.pem) },
    }),
  );
  const now = ['--now', new Date().toISOString()];
  const live = await operator.doctor(now);
  const file = path.join(operator.folder, 'dump.tar.gz');
  await operator.plugin(['dump', '-o', file]);
  const recorded = await operator.doctor(['--from', file, ...now]);
  assert.deepEqual(recorded, live);
  assert.ok(live.flatMap(({ findings }) => findings).length >= 4);
  const bytes = gunzipSync(readFileSync(file)).toString('latin1');
  for (const key of [
    'hunter2',
    base64('hunter2'),
    expired.keyPem.split('\n')[1] ?? '?',
    'PRIVATE KEY',
    base64('-----BEGIN PRIVATE'),
  ])
    assert.ok(!bytes.includes(key), key);
});
