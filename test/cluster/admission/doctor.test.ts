import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { PodExplanation } from '../../../plugin/policy/explain-pod.ts';
import type { DoctorReport, ReportFinding } from '../../../plugin/doctor/report.ts';
import { run } from '../../plugin/commands/run.ts';
import type { Manifest } from '../api.ts';
import { operatorOf, type Operator } from '../certs/operator.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { freePorts } from '../ports.ts';
import { install, startReplica, until, type Replica } from './webhook-process.ts';

const policies = '/apis/airgap.dev/v1alpha1/airgappolicies';
const admission = '/apis/admissionregistration.k8s.io/v1';
const ours = /^(policy|namespace-not|image-would|rewrite-missed|webhook-other|webhook-replica|cel-drift)/;

let cluster: ControlPlaneCluster;
let operator: Operator;
let port: number;
let webhook: Replica | undefined;
before(async () => {
  cluster = await startControlPlane();
  operator = await operatorOf(cluster);
  [port = 0] = await freePorts(1);
});
after(async () => {
  await webhook?.[Symbol.asyncDispose]();
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const policy = (name: string, spec: object = {}): Manifest => ({
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name },
  spec: {
    mode: 'Enforce',
    mirrors: [{ sourcePrefix: 'docker.io/library', targetPrefix: 'my-registry.local/library' }],
    exemptions: [{ namespaces: ['kube-system'], reason: 'bootstrap' }],
    ...spec,
  },
});
const pod = (namespace: string, name: string, image: string, labels: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels },
  spec: { containers: [{ name: 'app', image }] },
});
const namespaceNamed = (name: string, labels: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

/** What a command prints; in this process, since there are many. */
async function plugin(line: readonly string[]): Promise<string> {
  const where = line.includes('--from') ? [] : ['--kubeconfig', cluster.kubeconfig];
  const { code, out, err } = await run([...line, ...where]);
  assert.equal(code, 0, err);
  return out;
}

/** What doctor finds of our own policy: live, and the same from a recording. */
async function look(flags: readonly string[] = []): Promise<ReportFinding[]> {
  const dump = path.join(operator.folder, 'dump.tar.gz');
  const told = async (more: readonly string[]): Promise<ReportFinding[]> => {
    const report = await plugin(['doctor', 'admission', '-o', 'json', '--fail-on', 'never', ...flags, ...more]);
    const checks = (JSON.parse(report) as DoctorReport).categories.flatMap((category) => category.checks);
    return checks.flatMap(({ findings }) => findings).filter(({ cause }) => ours.test(cause));
  };
  const [live] = await Promise.all([told([]), plugin(['dump', '-o', dump, '--no-progress'])]);
  assert.deepEqual(await told(['--from', dump]), live);
  return live;
}

const found = (findings: readonly ReportFinding[]): string[] =>
  findings.map(({ cause, severity, confidence, objects }) =>
    [
      cause,
      severity,
      confidence,
      ...objects.map(({ namespace, name }) => (namespace ? `${namespace}/${name}` : name)),
    ].join(' '),
  );

async function why(name: string, namespace = 'shop'): Promise<string> {
  const text = await plugin(['explain', 'pod', name, '-n', namespace, '-o', 'json']);
  return (JSON.parse(text) as PodExplanation).why;
}

async function imageOf(name: string, namespace = 'shop'): Promise<string> {
  return (
    await cluster.kubectl(['get', 'pod', name, '-n', namespace, '-o', 'jsonpath={.spec.containers[0].image}'])
  ).trim();
}

async function startWebhook(): Promise<void> {
  webhook = await startReplica(cluster, 'first', port);
  await webhook.logged('policies read');
  const probe = pod('shop', 'probe', 'nginx');
  await until('the webhook to answer', async () => {
    const { text } = await cluster.api.raw('POST', '/api/v1/namespaces/shop/pods?dryRun=All', probe);
    return text.includes('my-registry.local');
  });
}

test('a policy that nothing enforces, and the command that installs what does', async () => {
  const crd = await plugin(['install', '--image', 'r.local/w:1', '--dry-run=client', '-o', 'json']);
  const { items } = JSON.parse(crd) as { items: Manifest[] };
  await cluster.api.apply(...items.filter(({ kind }) => kind === 'CustomResourceDefinition'));
  await until('AirgapPolicies to be served', async () => (await cluster.api.raw('GET', policies)).status === 200);
  await cluster.api.apply(namespaceNamed('shop'), policy('default'));
  await cluster.api.apply(pod('shop', 'early', 'nginx:1'), pod('shop', 'foreign', 'quay.io/team/app:1'));
  const findings = await look();
  assert.deepEqual(found(findings), [
    'policy-not-enforced error certain default',
    'image-would-be-rejected warning certain shop/foreign',
    'image-would-be-rewritten warning certain shop/early',
  ]);
  assert.equal(await why('early'), 'not-installed');
  const command =
    findings[0]?.remedy
      .find((line) => line.startsWith('$ kubectl airgap install'))
      ?.slice(2)
      .split(' ') ?? [];
  assert.deepEqual(command.slice(0, 5), [
    'kubectl',
    'airgap',
    'install',
    '--image',
    'my-registry.local/airgap-webhook:0.1.0',
  ]);
  // There is no registry, and without a node its pods never become ready.
  await plugin([...command.slice(2), '--skip-image-check', '--timeout', '0']);
  assert.ok(!found(await look()).some((line) => line.startsWith('policy-not-enforced')));
  // What it registers points at a Service, which nothing here serves; the next step registers a URL.
  for (const kind of ['mutating', 'validating'])
    await cluster.api.delete(`${admission}/${kind}webhookconfigurations/airgap-webhook`);
});

test('what was there before the webhook is told by image, and the commands bring it into line', async () => {
  await install(cluster, port);
  await startWebhook();
  const [rejected, rewritten, ...others] = await look();
  assert.deepEqual(others, []);
  assert.equal(rejected?.cause, 'image-would-be-rejected');
  assert.equal(rewritten?.cause, 'image-would-be-rewritten');
  assert.equal(await why('early'), 'older-than-webhook');
  await operator.paste(rewritten, /replace --force/);
  assert.equal(await imageOf('early'), 'my-registry.local/library/nginx:1');
  assert.equal(await why('early'), 'rewritten');
  assert.deepEqual(found(await look()), ['image-would-be-rejected error certain shop/foreign']);
});

test('a pod that came while the webhook was down is told as such, and made anew', async () => {
  await webhook?.[Symbol.asyncDispose]();
  // As somebody does who wants to go on working while it is down.
  await cluster.api.delete(`${admission}/validatingwebhookconfigurations/airgap-webhook`);
  await until('a pod to be let in', async () => {
    const { status } = await cluster.api.raw('POST', '/api/v1/namespaces/shop/pods', pod('shop', 'late', 'nginx:2'));
    return status === 201;
  });
  assert.equal(await imageOf('late'), 'nginx:2');
  assert.equal(await why('late'), 'missed');
  const findings = await look();
  assert.deepEqual(
    found(findings).filter((line) => !line.includes('foreign')),
    ['policy-not-enforced error certain default', 'rewrite-missed error likely shop/late'],
  );
  await install(cluster, port);
  await startWebhook();
  await operator.paste(
    findings.find(({ cause }) => cause === 'rewrite-missed'),
    /replace --force/,
  );
  assert.equal(await imageOf('late'), 'my-registry.local/library/nginx:2');
  assert.deepEqual(found(await look()), ['image-would-be-rejected error certain shop/foreign']);
});

test('an image that no rule covers gets one by the command, and comes from the mirror then', async () => {
  const [rejected] = await look();
  await operator.paste(rejected, /patch airgappolicy/);
  await until('the webhook to read it', async () => {
    const { text } = await cluster.api.raw(
      'POST',
      '/api/v1/namespaces/shop/pods?dryRun=All',
      pod('shop', 'x', 'quay.io/team/app:1'),
    );
    return text.includes('my-registry.local/team/app:1');
  });
  const [changed] = await look();
  assert.equal(changed?.cause, 'image-would-be-rewritten');
  await operator.paste(changed, /replace --force/);
  assert.equal(await imageOf('foreign'), 'my-registry.local/team/app:1');
  assert.deepEqual(await look(), []);
});

test('a label by which a namespace opts out, a selector of objects and a condition leave pods out', async () => {
  const url = `${admission}/mutatingwebhookconfigurations/airgap-webhook`;
  const patch = async (value: object): Promise<void> => {
    const { status, text } = await cluster.api.raw('PATCH', url, value, 'application/json-patch+json');
    assert.equal(status, 200, text);
  };
  const optOut = { key: 'team.example/unmanaged', operator: 'DoesNotExist' };
  await patch([
    { op: 'add', path: '/webhooks/0/namespaceSelector/matchExpressions/-', value: optOut },
    {
      op: 'add',
      path: '/webhooks/0/objectSelector',
      value: { matchExpressions: [{ key: 'raw', operator: 'DoesNotExist' }] },
    },
    {
      op: 'add',
      path: '/webhooks/0/matchConditions',
      value: [{ name: 'no-jobs', expression: '!has(object.metadata.generateName)' }],
    },
  ]);
  await cluster.api.apply(namespaceNamed('wild', { 'team.example/unmanaged': 'yes' }));
  const [left, ...others] = await look();
  assert.deepEqual(found([left as ReportFinding]), ['namespace-not-covered warning certain wild']);
  assert.deepEqual(others, []);
  // The validating webhook would turn them away.
  await cluster.api.delete(`${admission}/validatingwebhookconfigurations/airgap-webhook`);
  await until('pods to be let in as they are', async () => {
    const { text } = await cluster.api.raw(
      'POST',
      '/api/v1/namespaces/wild/pods?dryRun=All',
      pod('wild', 'x', 'nginx'),
    );
    return text.includes('"image":"nginx"');
  });
  await cluster.api.apply(pod('wild', 'free', 'nginx'), pod('shop', 'raw', 'nginx', { raw: 'yes' }));
  const { status } = await cluster.api.raw('POST', '/api/v1/namespaces/shop/pods', {
    ...pod('shop', 'job', 'nginx'),
    metadata: { name: 'job', generateName: 'job-' },
  });
  assert.equal(status, 201);
  assert.deepEqual(await Promise.all([why('free', 'wild'), why('raw'), why('job')]), [
    'left-out',
    'left-out',
    'left-out-by-condition',
  ]);
  await cluster.kubectl(['delete', 'pod', '-n', 'wild', 'free', '--force', '--grace-period=0']);
  await cluster.kubectl(['delete', 'pod', '-n', 'shop', 'raw', 'job', '--force', '--grace-period=0']);
  await operator.paste(left, /label namespace/);
  await install(cluster, port);
  await patch([
    { op: 'remove', path: '/webhooks/0/objectSelector/matchExpressions' },
    { op: 'remove', path: '/webhooks/0/matchConditions' },
  ]);
  assert.deepEqual(await look(), []);
});

test('every other answer to why a pod was not rewritten', async () => {
  await cluster.api.apply(namespaceNamed('free'), namespaceNamed('watched', { stage: 'dev' }));
  await cluster.api.apply(
    policy('default', { exemptions: [{ namespaces: ['kube-system', 'free'], reason: 'a test' }] }),
    policy('dev', { mode: 'Warn', namespaceSelector: { matchLabels: { stage: 'dev' } } }),
  );
  await until('both policies to be in force', async () => {
    const made = [pod('free', 'own', 'nginx'), pod('watched', 'own', 'nginx')].map(async (one) => {
      const { status, text } = await cluster.api.raw(
        'POST',
        `/api/v1/namespaces/${String(one.metadata.namespace)}/pods?dryRun=All`,
        one,
      );
      return status === 201 && text.includes('"image":"nginx"');
    });
    return (await Promise.all(made)).every(Boolean);
  });
  await cluster.api.apply(
    pod('free', 'own', 'nginx'),
    pod('watched', 'own', 'nginx'),
    pod('shop', 'own', 'my-registry.local/library/x'),
  );
  // As the kubelet puts it there for a file of its node.
  const annotations = { 'kubernetes.io/config.mirror': 'file' };
  const { spec } = pod('shop', 'static', 'nginx');
  await cluster.api.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'static', annotations },
    spec: { ...(spec as object), nodeName: 'n1' },
  });
  assert.deepEqual(await Promise.all([why('own', 'free'), why('own', 'watched'), why('own'), why('static')]), [
    'exempt',
    'mode',
    'allowed',
    'mirror-pod',
  ]);
  await cluster.api.apply(policy('default', { namespaceSelector: { matchLabels: { stage: 'prod' } } }));
  assert.equal(await why('own', 'free'), 'no-policy');
  await cluster.api.apply(policy('default'));
  await cluster.api.delete(`${policies}/dev`);
  for (const namespace of ['free', 'watched'])
    await cluster.kubectl(['delete', 'pod', 'own', '-n', namespace, '--force', '--grace-period=0']);
  await cluster.kubectl(['delete', 'pod', 'static', '-n', 'shop', '--force', '--grace-period=0']);
});

test('a second policy for the same namespaces, and one that is not sound', async () => {
  await cluster.api.apply(policy('second'));
  const [conflict, ...others] = (await look()).filter(({ objects }) => objects.some(({ name }) => name === 'second'));
  assert.deepEqual(others, []);
  assert.deepEqual(found([conflict as ReportFinding]), ['policy-conflict error certain second']);
  await operator.paste(conflict, /delete airgappolicy/);
  const circular = [
    { sourcePrefix: 'docker.io', targetPrefix: 'r.local/m' },
    { sourcePrefix: 'docker.io/new', targetPrefix: 'r.local/new' },
    { sourcePrefix: 'r.local/m/old', targetPrefix: 'r.local/new' },
  ];
  await cluster.api.apply(policy('second', { mirrors: circular, namespaceSelector: { matchLabels: { a: 'b' } } }));
  const refused = (await look()).find(({ cause }) => cause === 'policy-refused');
  assert.match(refused?.summary ?? '', /spec\.mirrors\[0\]\.targetPrefix: .*rewritten again/);
  await cluster.api.delete(`${policies}/second`);
});

test('a webhook that no longer follows the policies, and one of another release', async () => {
  const later = ['--now', new Date(Date.now() + 120_000).toISOString()];
  await until(
    'the policy to be observed',
    async () => !found(await look(later)).some((line) => line.includes('observed')),
  );
  await webhook?.[Symbol.asyncDispose]();
  await cluster.api.apply(policy('default', { allowedPrefixes: ['own.local'] }));
  const status = { observedBy: '0.0.1' };
  await cluster.api.raw('PATCH', `${policies}/default/status`, { status }, 'application/merge-patch+json');
  assert.deepEqual(found(await look(later)), [
    'policy-not-observed warning certain default',
    'webhook-other-release warning certain default',
  ]);
  await startWebhook();
  await until('the status to be written', async () => found(await look(later)).length === 0);
});

test('the same policy in CEL: copied, forgotten when the policy changes, and made again', async () => {
  const celDrift = async (): Promise<string[]> => found(await look()).filter((line) => line.startsWith('cel-drift'));
  await operator.paste({ remedy: ['$ kubectl airgap export --to cel | kubectl apply -f -'] }, /export/);
  assert.deepEqual(await celDrift(), []);
  await cluster.api.apply(policy('default', { allowedPrefixes: ['own.local', 'more.local'] }));
  const finding = (await look()).find(({ cause }) => cause === 'cel-drift');
  assert.match(finding?.summary ?? '', /\(3 changed\)/);
  await operator.paste(finding, /export --to cel/);
  assert.deepEqual(await celDrift(), []);

  // What kubectl has applied is taken over whole: a mode's actions are a set that both would have a part in.
  await plugin(['install', '--engine', 'cel']);
  assert.deepEqual(await celDrift(), []);
  await cluster.api.apply(policy('default', { mode: 'Warn' }));
  const again = (await look()).find(({ cause }) => cause === 'cel-drift');
  await operator.paste(again, /install --engine cel/);
  assert.deepEqual(await celDrift(), []);
});
