import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import type { PodExplanation } from '../../../plugin/policy/explain-pod.ts';
import { run } from './run.ts';
import { policyYaml, workspace } from './workspace.ts';

const pod = (
  namespace: string,
  name: string,
  image: string,
  annotations: object = {},
  created = '2026-06-01T00:00:00Z',
  labels: object = {},
) => ({
  metadata: { namespace, name, annotations, labels, creationTimestamp: created },
  spec: { containers: [{ name: 'app', image }] },
});
const rewritten = { 'airgap.dev/original-images': '{"containers/app":"nginx:1"}' };
const pods = [
  pod('shop', 'good', 'my-registry.local/library/nginx:1', rewritten),
  pod('shop', 'own', 'my-registry.local/own'),
  pod('shop', 'old', 'nginx:1', {}, '2025-01-01T00:00:00Z'),
  pod('shop', 'between', 'nginx:1', {}, '2026-01-15T00:00:00Z'),
  pod('shop', 'missed', 'nginx:1'),
  pod('shop', 'changed', 'nginx:1', rewritten),
  pod('shop', 'raw', 'nginx:1', {}, '2026-06-01T00:00:00Z', { raw: 'yes' }),
  pod('wild', 'free', 'nginx:1'),
  pod('kube-system', 'dns', 'nginx:1'),
  pod('shop', 'static', 'nginx:1', { 'kubernetes.io/config.mirror': 'x' }),
];
const policy = {
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name: 'default', uid: 'u', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    mode: 'Enforce',
    mirrors: [{ sourcePrefix: 'docker.io/library', targetPrefix: 'my-registry.local/library' }],
    allowedPrefixes: ['my-registry.local'],
    exemptions: [{ namespaces: ['kube-system'], reason: 'bootstrap' }],
  },
};
const webhooks = (change: object = {}, more: object = {}) => ({
  metadata: { name: 'airgap-webhook', creationTimestamp: '2026-02-01T00:00:00Z' },
  webhooks: [
    {
      name: 'mutate.airgap.dev',
      failurePolicy: 'Ignore',
      namespaceSelector: { matchExpressions: [{ key: 'optout', operator: 'DoesNotExist' }] },
      objectSelector: { matchExpressions: [{ key: 'raw', operator: 'DoesNotExist' }] },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
      ...change,
    },
  ],
  ...more,
});
const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const admission = 'webhookconfigurations.admissionregistration.k8s.io.json';
const cluster = (folder: string, mutating: readonly object[]): Record<string, string> => ({
  [`${folder}/pods.json`]: list(pods),
  [`${folder}/namespaces.json`]: list([
    { metadata: { name: 'shop' } },
    { metadata: { name: 'wild', labels: { optout: 'yes' } } },
  ]),
  [`${folder}/airgappolicies.airgap.dev.json`]: list([policy]),
  [`${folder}/mutating${admission}`]: list(mutating),
  [`${folder}/validating${admission}`]: list([]),
});
const { [`blind/mutating${admission}`]: _, ...blind } = cluster('blind', []);
const folder = workspace({
  ...cluster('dump', [webhooks()]),
  ...cluster('bare', []),
  ...cluster('closed', [webhooks({ failurePolicy: 'Fail' })]),
  ...cluster('rules', [webhooks({ rules: [] })]),
  ...cluster('conditions', [webhooks({ matchConditions: [{ name: 'weekdays', expression: 'false' }] })]),
  ...blind,
  'audit.yaml': policyYaml('Audit'),
  'dev.yaml': policyYaml('Enforce').replace('spec:', 'spec:\n  namespaceSelector: {matchLabels: {stage: dev}}'),
});
const explain = (namespace: string, name: string, ...more: string[]) => explainIn('dump', namespace, name, ...more);
const explainIn = (dump: string, namespace: string, name: string, ...more: string[]) =>
  run(['explain', 'pod', name, '-n', namespace, '--from', path.join(folder, dump), ...more]);

const schema = readFileSync(path.join(import.meta.dirname, '../../../schemas/pod-explanation.schema.json'), 'utf8');
const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(schema) as object);

const expected: readonly (readonly [dump: string, namespace: string, name: string, why: string, reason: RegExp])[] = [
  ['dump', 'shop', 'good', 'rewritten', /rewritten when it was created, and every image is allowed/],
  ['dump', 'shop', 'own', 'allowed', /every image is allowed as it was written/],
  [
    'dump',
    'shop',
    'old',
    'older-than-policy',
    /would be rewritten today, and it is older than the policy \(2026-01-01/,
  ],
  [
    'dump',
    'shop',
    'between',
    'older-than-webhook',
    /older than the installation of what enforces the policy \(2026-02-01/,
  ],
  ['dump', 'shop', 'missed', 'missed', /failurePolicy Ignore: it did not answer when the pod was created/],
  ['closed', 'shop', 'missed', 'missed', /fails closed, so the policy was another one/],
  ['dump', 'shop', 'changed', 'policy-changed', /the policy or its images have changed since: delete it/],
  [
    'dump',
    'shop',
    'raw',
    'left-out',
    /its objectSelector leaves it out \(MutatingWebhookConfiguration airgap-webhook\)/,
  ],
  ['dump', 'wild', 'free', 'left-out', /its namespaceSelector leaves it out/],
  ['rules', 'shop', 'missed', 'left-out', /its rules do not cover pods/],
  ['conditions', 'shop', 'missed', 'left-out-by-condition', /weekdays: false/],
  ['bare', 'shop', 'missed', 'not-installed', /nothing of kubectl airgap that could rewrite it is installed/],
  ['blind', 'shop', 'missed', 'unknown', /why it was not cannot be told/],
  ['dump', 'kube-system', 'dns', 'exempt', /the namespace is exempt \(bootstrap\)/],
  ['dump', 'shop', 'static', 'mirror-pod', /static pod/],
];

for (const [dump, namespace, name, why, reason] of expected)
  test(`${dump}: ${namespace}/${name}: ${why}`, async () => {
    const { code, out, err } = await explainIn(dump, namespace, name, '-o', 'json');
    assert.equal(code, 0, err);
    const document: unknown = JSON.parse(out);
    assert.ok(validate(document), JSON.stringify(validate.errors));
    assert.equal((document as PodExplanation).why, why);
    assert.match((document as PodExplanation).reason, reason);
  });

test('a person reads what it was, what it is and what it would be', async () => {
  const { out } = await explain('shop', 'good');
  assert.match(out, /^Pod shop\/good \(policy default, mode Enforce\): it was rewritten/);
  assert.match(out, /spec\.containers\[0\]\.image +my-registry\.local\/library\/nginx:1 \(was nginx:1\) +allow/);
  assert.match((await explain('shop', 'missed')).out, /rewrite to my-registry\.local\/library\/nginx:1/);
});

test('a policy file is used in place of the cluster’s, and a pod that is not there is exit code 2', async () => {
  const { out } = await explain('shop', 'missed', '--policy', path.join(folder, 'audit.yaml'));
  assert.match(out, /the mode is Audit/);
  const dev = await explain('shop', 'missed', '--policy', path.join(folder, 'dev.yaml'));
  assert.match(dev.out, /no policy selects the namespace shop/);
  assert.equal((await explain('shop', 'nobody')).code, 2);
});
