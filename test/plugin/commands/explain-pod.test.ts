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
) => ({
  metadata: { namespace, name, annotations, creationTimestamp: created },
  spec: { containers: [{ name: 'app', image }] },
});
const rewritten = { 'airgap.dev/original-images': '{"containers/app":"nginx:1"}' };
const pods = [
  pod('shop', 'good', 'my-registry.local/library/nginx:1', rewritten),
  pod('shop', 'own', 'my-registry.local/own'),
  pod('shop', 'old', 'nginx:1', {}, '2025-01-01T00:00:00Z'),
  pod('shop', 'missed', 'nginx:1'),
  pod('kube-system', 'dns', 'nginx:1'),
  pod('shop', 'static', 'nginx:1', { 'kubernetes.io/config.mirror': 'x' }),
];
const policy = {
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name: 'default', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    mode: 'Enforce',
    mirrors: [{ sourcePrefix: 'docker.io/library', targetPrefix: 'my-registry.local/library' }],
    allowedPrefixes: ['my-registry.local'],
    exemptions: [{ namespaces: ['kube-system'], reason: 'bootstrap' }],
  },
};
const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const folder = workspace({
  'dump/pods.json': list(pods),
  'dump/namespaces.json': list([{ metadata: { name: 'shop' } }]),
  'dump/airgappolicies.airgap.dev.json': list([policy]),
  'audit.yaml': policyYaml('Audit'),
});
const explain = (namespace: string, name: string, ...more: string[]) =>
  run(['explain', 'pod', name, '-n', namespace, '--from', path.join(folder, 'dump'), ...more]);

const schema = readFileSync(path.join(import.meta.dirname, '../../../schemas/pod-explanation.schema.json'), 'utf8');
const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(schema) as object);

const expected: readonly (readonly [namespace: string, name: string, reason: RegExp])[] = [
  ['shop', 'good', /rewritten when it was created, and every image is allowed/],
  ['shop', 'own', /every image is allowed as it was written/],
  ['shop', 'old', /older than the policy and would be rewritten today/],
  ['shop', 'missed', /the webhook did not see it/],
  ['kube-system', 'dns', /the namespace is exempt \(bootstrap\)/],
  ['shop', 'static', /static pod/],
];

for (const [namespace, name, reason] of expected)
  test(`${namespace}/${name}: the reason is told`, async () => {
    const { code, out, err } = await explain(namespace, name, '-o', 'json');
    assert.equal(code, 0, err);
    const document: unknown = JSON.parse(out);
    assert.ok(validate(document), JSON.stringify(validate.errors));
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
  assert.equal((await explain('shop', 'nobody')).code, 2);
});
