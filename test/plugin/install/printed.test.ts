import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { run } from '../commands/run.ts';
import { policyYaml, workspace } from '../commands/workspace.ts';

interface Printed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly webhooks?: readonly {
    readonly failurePolicy: string;
    readonly timeoutSeconds: number;
    readonly namespaceSelector: { readonly matchExpressions: readonly { readonly values: readonly string[] }[] };
  }[];
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly image: string; readonly securityContext: unknown }[] };
    };
  };
}

const printed = async (...more: string[]): Promise<Printed[]> => {
  const { code, out } = await run([
    'install',
    '--image',
    'r.local/airgap-webhook:1',
    '--dry-run=client',
    '-o',
    'yaml',
    ...more,
  ]);
  assert.equal(code, 0);
  return parseAllDocuments(out).map((document) => document.toJS() as Printed);
};

test('everything is printed, in an order in which it can be applied', async () => {
  const objects = await printed();
  assert.deepEqual(
    objects.map(({ kind }) => kind),
    [
      'CustomResourceDefinition',
      'Namespace',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'Role',
      'RoleBinding',
      'Deployment',
      'Service',
      'PodDisruptionBudget',
      'NetworkPolicy',
      'MutatingWebhookConfiguration',
      'ValidatingWebhookConfiguration',
    ],
  );
});

test('mutation fails open, validation fails closed, and neither is in front of its own pods', async () => {
  const objects = await printed('-n', 'elsewhere');
  const webhooks = objects.flatMap((object) => object.webhooks ?? []);
  assert.deepEqual(
    webhooks.map(({ failurePolicy }) => failurePolicy),
    ['Ignore', 'Fail'],
  );
  for (const { timeoutSeconds, namespaceSelector } of webhooks) {
    assert.ok(timeoutSeconds <= 5);
    assert.deepEqual(namespaceSelector.matchExpressions[0]?.values, ['elsewhere', 'kube-system']);
  }
  assert.equal(
    objects.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers[0]?.image,
    'r.local/airgap-webhook:1',
  );
});

test('a time to wait that is none is refused, in a dry run too', async () => {
  const { code, err } = await run(['install', '--image', 'r.local/a:1', '--dry-run=client', '--timeout', 'soon']);
  assert.equal(code, 2);
  assert.match(err, /"soon" is no number of seconds/);
});

test('an image is needed, and one that is none is refused', async () => {
  const none = await run(['install', '--dry-run=client']);
  assert.equal(none.code, 2);
  assert.match(none.err, /not said where the image/);
  const bad = await run(['install', '--image', 'R/X y', '--dry-run=client']);
  assert.match(bad.err, /white space inside/);
});

test('the engine cel needs a policy and no image, and both puts the validation behind a webhook that fails open', async () => {
  const folder = workspace({ 'policy.yaml': policyYaml('Enforce') });
  const policy = ['--policy', `${folder}/policy.yaml`];
  const { out, err } = await run(['install', '--engine', 'cel', ...policy, '--dry-run=client']);
  assert.match(
    out,
    /^CustomResourceDefinition .*\nMutatingAdmissionPolicy default\.rewrite\.airgap\.dev \(dry run\)\n/,
  );
  assert.match(err, /warning: the objects are a copy of the policies/);
  const objects = await printed('--engine', 'both', ...policy);
  assert.deepEqual(
    objects.flatMap((object) => object.webhooks ?? []).map(({ failurePolicy }) => failurePolicy),
    ['Ignore', 'Ignore'],
  );
  assert.equal(objects.at(-1)?.kind, 'ValidatingAdmissionPolicyBinding');
  assert.ok(objects.every(({ kind }) => !kind.startsWith('MutatingAdmissionPolicy')));
});

test('uninstall takes the webhook configurations away first, and the policies only when asked', async () => {
  const { out } = await run(['uninstall', '--dry-run=client']);
  assert.match(out, /^Policies and bindings of .*\nValidatingWebhookConfiguration .*\nMutatingWebhookConfiguration /);
  assert.ok(!out.includes('CustomResourceDefinition'));
  assert.match((await run(['uninstall', '--dry-run=client', '--with-policies'])).out, /CustomResourceDefinition/);
});
