import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { PodExplanation } from '../../../plugin/policy/explain-pod.ts';
import { run } from './run.ts';
import { policyYaml, workspace } from './workspace.ts';
import { assertFits, schemaIn } from '../../schema.ts';

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
const mirrored = pod('shop', 'static', 'nginx:1', { 'kubernetes.io/config.mirror': 'x' });
const ofStatefulSet = { ownerReferences: [{ kind: 'StatefulSet', name: 'set', uid: 'u' }] };
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
  { ...mirrored, spec: { ...mirrored.spec, nodeName: 'n1' } },
  pod('shop', 'foreign', 'quay.io/x:1'),
  {
    metadata: { ...pod('shop', 'set', '').metadata, creationTimestamp: '2025-01-01T00:00:00Z', ...ofStatefulSet },
    spec: { containers: [{ name: 'app', image: 'nginx:1' }] },
  },
  pod('wild', 'old', 'nginx:1', {}, '2025-01-01T00:00:00Z'),
  pod('airgap-system', 'webhook', 'nginx:1'),
  {
    ...pod('shop', 'mixed', ''),
    spec: { containers: [{ name: 'app', image: 'nginx:1' }], initContainers: [{ name: 'i', image: 'quay.io/x:1' }] },
  },
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
      namespaceSelector: {
        matchExpressions: [
          { key: 'optout', operator: 'DoesNotExist' },
          { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['airgap-system', 'kube-system'] },
        ],
      },
      objectSelector: { matchExpressions: [{ key: 'raw', operator: 'DoesNotExist' }] },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
      ...change,
    },
  ],
  ...more,
});
const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const admission = 'webhookconfigurations.admissionregistration.k8s.io.json';
const cluster = (
  folder: string,
  mutating: readonly object[],
  validating: readonly object[] = [],
  policies: readonly object[] = [policy],
): Record<string, string> => ({
  [`${folder}/pods.json`]: list(pods),
  [`${folder}/namespaces.json`]: list([
    { metadata: { name: 'shop' } },
    { metadata: { name: 'wild', labels: { optout: 'yes' } } },
  ]),
  [`${folder}/airgappolicies.airgap.dev.json`]: list(policies),
  [`${folder}/mutating${admission}`]: list(mutating),
  [`${folder}/validating${admission}`]: list(validating),
});
const { [`blind/mutating${admission}`]: _, ...blind } = cluster('blind', []);
const own = ['not-exempt.airgap.dev', 'something-to-judge.airgap.dev'].map((name) => ({ name, expression: 'false' }));
const narrow = [
  { ...policy, spec: { ...policy.spec, namespaceSelector: { matchLabels: { stage: 'prod' } } } },
  { ...policy, metadata: { ...policy.metadata, name: 'broken' }, spec: { mode: 'enforce' } },
];
const folder = workspace({
  ...cluster('dump', [webhooks()]),
  ...cluster('bare', []),
  ...cluster('closed', [webhooks({ failurePolicy: 'Fail' })]),
  ...cluster('rules', [webhooks({ rules: [] })]),
  ...cluster('conditions', [webhooks({ matchConditions: [{ name: 'weekdays', expression: 'false' }] })]),
  ...cluster('both', [webhooks()], [webhooks({ name: 'validate.airgap.dev', failurePolicy: 'Fail' })]),
  ...cluster('ours', [webhooks({ matchConditions: own })]),
  ...cluster('rewriting', [webhooks()], [], [{ ...policy, spec: { ...policy.spec, mode: 'Rewrite' } }]),
  ...cluster('narrow', [webhooks()], [], narrow),
  ...blind,
  'audit.yaml': policyYaml('Audit'),
  'dev.yaml': policyYaml('Enforce').replace('spec:', 'spec:\n  namespaceSelector: {matchLabels: {stage: dev}}'),
});
const explain = (namespace: string, name: string, ...more: string[]) => explainIn('dump', namespace, name, ...more);
const explainIn = (dump: string, namespace: string, name: string, ...more: string[]) =>
  run(['explain', 'pod', name, '-n', namespace, '--from', path.join(folder, dump), ...more]);

const expected: readonly (readonly [dump: string, namespace: string, name: string, why: string, reason: RegExp])[] = [
  ['dump', 'shop', 'good', 'rewritten', /rewritten when it was created, and every image is allowed/],
  ['dump', 'shop', 'own', 'allowed', /every image is allowed as it was written/],
  [
    'dump',
    'shop',
    'old',
    'older-than-policy',
    /^it is older than the policy default \(2026-01-01T00:00:00Z\), .*; created now, it would be rewritten$/,
  ],
  [
    'dump',
    'shop',
    'between',
    'older-than-webhook',
    /^it is older than the MutatingWebhookConfiguration airgap-webhook \(2026-02-01/,
  ],
  ['dump', 'shop', 'missed', 'missed', /failurePolicy Ignore: it did not answer when the pod was created/],
  ['closed', 'shop', 'missed', 'missed', /fails closed, so the policy was another one/],
  [
    'dump',
    'shop',
    'changed',
    'policy-changed',
    /the policy or its images have changed since; created now, it would be rewritten$/,
  ],
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
  [
    'bare',
    'shop',
    'missed',
    'not-installed',
    /^by the policy default it is to be rewritten, but nothing of kubectl airgap that could rewrite it is installed$/,
  ],
  ['blind', 'shop', 'missed', 'unknown', /why it is not cannot be told: the recording does not hold mutating/],
  ['dump', 'kube-system', 'dns', 'exempt', /the policy default exempts the namespace kube-system \(bootstrap\)/],
  ['dump', 'wild', 'old', 'older-than-policy', /older than the policy .*; created now, it would stay as it is$/],
  [
    'dump',
    'shop',
    'foreign',
    'not-installed',
    /is to be turned away, but nothing of kubectl airgap that could reject it/,
  ],
  [
    'both',
    'shop',
    'foreign',
    'missed',
    /^the webhook validate\.airgap\.dev covers it and fails closed, .*; created now, it would be turned away$/,
  ],
  ['both', 'shop', 'mixed', 'missed', /validate\.airgap\.dev covers it/],
  ['dump', 'airgap-system', 'webhook', 'left-out', /^the installation leaves out the namespace airgap-system, so that/],
  ['ours', 'shop', 'missed', 'missed', /mutate\.airgap\.dev covers it/],
  ['rewriting', 'shop', 'foreign', 'mode', /the policy default is only looking on: the mode Rewrite warns/],
  [
    'narrow',
    'wild',
    'free',
    'no-policy',
    /no policy selects the namespace wild, .*; not in force, because they do not load, are: broken$/,
  ],
  ['dump', 'shop', 'static', 'mirror-pod', /static pod, which the kubelet reads from a file on the node n1/],
];

for (const [dump, namespace, name, why, reason] of expected)
  test(`${dump}: ${namespace}/${name}: ${why}`, async () => {
    const { code, out, err } = await explainIn(dump, namespace, name, '-o', 'json');
    assert.equal(code, 0, err);
    const document: unknown = JSON.parse(out);
    assertFits('schemas/pod-explanation.schema.json', document);
    assert.equal((document as PodExplanation).why, why);
    assert.match((document as PodExplanation).reason, reason);
  });

/** What a person is to do, by its commands. */
const todo: readonly (readonly [dump: string, namespace: string, name: string, ...commands: string[]])[] = [
  ['dump', 'shop', 'good'],
  ['dump', 'shop', 'own'],
  ['dump', 'shop', 'static'],
  ['dump', 'airgap-system', 'webhook'],
  ['dump', 'shop', 'old', 'kubectl -n shop get pod old -o yaml | kubectl replace --force -f -'],
  ['dump', 'shop', 'set', 'kubectl -n shop rollout restart statefulset set'],
  ['dump', 'wild', 'old', 'kubectl airgap doctor --check AG-ADM-004'],
  ['dump', 'wild', 'free', 'kubectl airgap doctor --check AG-ADM-004'],
  ['rules', 'shop', 'missed', 'kubectl airgap doctor --check AG-ADM-001'],
  ['bare', 'shop', 'missed', 'kubectl airgap doctor --check AG-ADM-001'],
  [
    'dump',
    'shop',
    'raw',
    "kubectl get mutatingwebhookconfiguration airgap-webhook -o jsonpath='{.webhooks[*].objectSelector}'",
    'kubectl -n shop get pod raw --show-labels',
  ],
  [
    'conditions',
    'shop',
    'missed',
    "kubectl get mutatingwebhookconfiguration airgap-webhook -o jsonpath='{.webhooks[*].matchConditions}'",
    'kubectl -n shop get pod missed --show-labels',
  ],
  [
    'dump',
    'shop',
    'missed',
    'kubectl airgap doctor admission',
    'kubectl -n shop get pod missed -o yaml | kubectl replace --force -f -',
  ],
  ['both', 'shop', 'foreign', 'kubectl airgap doctor --check AG-ADM-005', 'kubectl airgap doctor admission'],
  ['blind', 'shop', 'missed', 'kubectl airgap doctor admission --print-rbac'],
  ['dump', 'kube-system', 'dns', 'kubectl edit airgappolicy default'],
];

test('each reason ends in what to do, with the very names, and nothing where all is well', async () => {
  for (const [dump, namespace, name, ...commands] of todo) {
    const { out } = await explainIn(dump, namespace, name, '-o', 'json');
    const { next } = JSON.parse(out) as PodExplanation;
    const given = next.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
    const recorded = ` --from ${path.join(folder, dump)}`;
    const asked = given.filter((line) => line.startsWith('kubectl airgap doctor ') && !line.endsWith('--print-rbac'));
    assert.ok(asked.every((line) => line.endsWith(recorded)));
    assert.deepEqual(
      given.map((line) => line.replace(recorded, '')),
      commands,
      `${dump} ${namespace}/${name}`,
    );
  }
  const { out } = await explain('wild', 'old');
  assert.match(
    out.replaceAll(/\s+/g, ' '),
    /Made anew it would stay so: the webhook mutate\.airgap\.dev is not asked: its namespaceSelector/,
  );
});

test('every reason that the schema knows is shown here', () => {
  const { schema } = schemaIn('schemas/pod-explanation.schema.json');
  const { properties } = schema as { properties: { why: { enum: string[] } } };
  const shown = new Set([...expected.map(([, , , why]) => why), 'not-applied']);
  assert.deepEqual([...shown].toSorted(), properties.why.enum.toSorted());
  assert.equal(shown.size, 15);
});

test('a person reads what it was, what it is and what it would be', async () => {
  const { out } = await explain('shop', 'good');
  assert.match(out, /^Pod shop\/good \(policy default, mode Enforce\): it was rewritten/);
  assert.match(out, /spec\.containers\[0\]\.image +my-registry\.local\/library\/nginx:1 \(was nginx:1\) +allow/);
  assert.match((await explain('shop', 'missed')).out, /rewrite to my-registry\.local\/library\/nginx:1/);
});

test('a policy file is used in place of the cluster’s, and a pod that is not there is exit code 2', async () => {
  const { out } = await explain('shop', 'missed', '--policy', path.join(folder, 'audit.yaml'));
  assert.match(
    out.replaceAll(/\s+/g, ' '),
    /not applied, only read from .*audit\.yaml: its mode Audit would let it in/,
  );
  const dev = await explain('shop', 'missed', '--policy', path.join(folder, 'dev.yaml'));
  assert.match(dev.out, /no policy selects the namespace shop/);
  assert.equal((await explain('shop', 'nobody')).code, 2);
});
