import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base64, issue } from '../../x509.ts';
import type { Manifest } from '../api.ts';
import { startCluster, type NodeCluster } from '../cluster-with-node.ts';
import { waitFor } from '../processes.ts';
import { causesOf, operatorOf, type Operator } from './operator.ts';
import { startWebhook } from './webhook-server.ts';

const day = 86_400_000;
const days = (from: number, until: number): { from: Date; until: Date } => ({
  from: new Date(Date.now() + from * day),
  until: new Date(Date.now() + until * day),
});
const ca = issue({ cn: 'service ca', ca: true, ...days(-30, 3000) });
const stale = issue({ cn: 'service ca', ca: true, ...days(-300, 2000) });
const names = ['DNS:hook.behind.svc'];
const fresh = issue({ cn: 'hook', names, by: ca, ...days(-1, 300) });

let cluster: NodeCluster;
let operator: Operator;
before(async () => {
  cluster = await startCluster({ services: true });
  operator = await operatorOf(cluster);
});
after(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

test('the kubelet shows its certificate, and its age counts', async () => {
  const rows = await operator.doctor();
  const kubelets = rows.find(({ id }) => id === 'AG-CRT-006');
  assert.deepEqual([kubelets?.result, kubelets?.reason], ['ok', null]);
  const later = await operator.doctor(['--now', days(0, 400).until.toISOString()]);
  const findings = later.find(({ id }) => id === 'AG-CRT-006')?.findings ?? [];
  assert.deepEqual(causesOf(findings), ['error kubelet-cert']);
  assert.deepEqual(findings[0]?.objects, [{ kind: 'Node', name: 'node-1' }]);
});

/** A webhook behind a Service whose endpoint is this process, and a Deployment whose pods it is asked about. */
function arrange(port: number, endpoints: object[]): Manifest[] {
  const labels = { app: 'web' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'behind' } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'behind', name: 'hook' },
      spec: { ports: [{ name: 'https', port: 443 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace: 'behind', name: 'hook-1', labels: { 'kubernetes.io/service-name': 'hook' } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port }],
      endpoints,
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'behind', name: 'hook-tls' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(fresh.pem), 'tls.key': base64(fresh.keyPem), 'ca.crt': base64(ca.pem) },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'behind' },
      webhooks: [
        {
          name: 'hook.behind.example.com',
          clientConfig: { service: { namespace: 'behind', name: 'hook' }, caBundle: base64(stale.pem) },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'asked' } },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 2,
        },
      ],
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'asked' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'asked', name: 'web' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'main', image: 'registry.example.com/pause:3.10' }] },
        },
      },
    },
  ];
}

test('found and cured: a webhook behind a Service, called with a stale CA bundle', { timeout: 180_000 }, async () => {
  await using server = await startWebhook('allow', fresh, cluster.hostAddress);
  const objects = arrange(server.port, [{ addresses: [cluster.hostAddress], conditions: { ready: true } }]);
  await cluster.api.apply(...objects.filter(({ kind }) => kind !== 'Deployment'));
  const address = await cluster.kubectl(['-n', 'behind', 'get', 'service', 'hook', '-o', 'jsonpath={.spec.clusterIP}']);
  const knock = `require('node:net').connect(443, '${address}').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  await waitFor('kube-proxy knows the Service', () =>
    cluster.place.run([process.execPath, '-e', knock]).then(
      () => true,
      () => false,
    ),
  );
  await cluster.api.apply(...objects);
  const called = await operator.found('"ReplicaSet"');
  assert.deepEqual(causesOf(called), ['error webhook-ca-mismatch'], JSON.stringify(called));
  const all = await operator.findings('hook.behind');
  // What the API server was told, and what the objects say, agree.
  assert.deepEqual(causesOf(all), ['error webhook-ca-mismatch']);
  assert.equal(all.length, 2);
  await operator.paste(called[0], /kubectl patch mutatingwebhookconfiguration behind .*get secret hook-tls/);
  await operator.gone('hook.behind');
  const { items } = await cluster.api.get<{ items: unknown[] }>('/api/v1/namespaces/asked/pods');
  assert.equal(items.length, 1);
});

test(
  'found: a webhook behind a Service without endpoints, in the words of the real API server',
  { timeout: 180_000 },
  async () => {
    await cluster.api.apply(...arrange(443, []));
    await cluster.kubectl(['-n', 'asked', 'delete', 'deployment', 'web', '--wait']);
    await cluster.kubectl(['-n', 'asked', 'create', 'deployment', 'other', '--image=registry.example.com/pause:3.10']);
    const called = await operator.found('"ReplicaSet"');
    const told = called.flatMap(({ evidence }) => evidence).join('\n');
    assert.match(causesOf(called).join(), /webhook-(no-endpoints|refused|timeout)/, told);
    assert.ok((await operator.findings('hook.behind')).some(({ cause }) => cause === 'webhook-no-endpoints'));
  },
);
