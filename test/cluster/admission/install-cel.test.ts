import assert from 'node:assert/strict';
import { test } from 'node:test';
import { celDrift } from '../../../shared/policy/cel/drift.ts';
import { celObjects } from '../../../shared/policy/cel/objects.ts';
import { loadPolicies } from '../../../shared/policy/load.ts';
import { policyYaml, workspace } from '../../plugin/commands/workspace.ts';
import { run } from '../../plugin/commands/run.ts';
import { startControlPlane } from '../cluster.ts';
import { soon } from './equivalence/behind.ts';

const mirrors = Array.from({ length: 128 }, (_, index) => ({
  sourcePrefix: `registry-${index}.example.com/some-organisation/team-${index}`,
  targetPrefix: `mirror.internal.example.com:5000/mirrored/registry-${index}/team-${index}`,
}));
const allowedPrefixes = mirrors.map((_, index) => `allowed-${index}.example.com/org`);
const large = {
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name: 'large' },
  spec: { mode: 'Enforce', mirrors, allowedPrefixes },
};
const folder = workspace({
  'enforce.yaml': policyYaml('Enforce'),
  'warn.yaml': policyYaml('Warn'),
  'large.json': JSON.stringify(large),
});
const kinds = [
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
];

test('the CEL engine is installed, follows the mode, and is taken away', async (t) => {
  await using cluster = await startControlPlane();
  const airgap = async (...line: string[]): Promise<{ out: string; err: string }> => {
    const { code, out, err } = await run([...line, '--kubeconfig', cluster.kubeconfig]);
    assert.equal(code, 0, out + err);
    return { out, err };
  };
  const install = (policy: string, ...more: string[]) =>
    airgap('install', '--engine', 'cel', '--policy', `${folder}/${policy}`, ...more);
  const objects = async (): Promise<Record<string, unknown>[]> => {
    const text = await cluster.kubectl(['get', kinds.join(), '-o', 'json']);
    return (JSON.parse(text) as { items: Record<string, unknown>[] }).items;
  };
  const created = async (...images: string[]): Promise<{ status: number; text: string }> =>
    cluster.api.raw('POST', '/api/v1/namespaces/default/pods?dryRun=All', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
    });

  await t.test('a server dry run changes nothing', async () => {
    const { out } = await install('enforce.yaml', '--dry-run=server');
    assert.match(out, /MutatingAdmissionPolicy default\.rewrite\.airgap\.dev created \(server dry run\)/);
    assert.deepEqual(await objects(), []);
  });

  await t.test('what CEL lacks is told, pods are rewritten, and no drift is seen', async () => {
    const { err } = await install('enforce.yaml');
    assert.match(err, /warning: policy default: the custom resources Thing are not judged/);
    await soon('the rewrite', async () => (await created('nginx')).text.includes('my-registry.local/library/nginx'));
    await soon('the rejection', async () => (await created('quay.io/a/b')).status === 403);
    assert.match((await created('quay.io/a/b')).text, /add a mirror with sourcePrefix quay\.io\/a to policy default/);
    const loaded = loadPolicies(policyYaml('Enforce'));
    assert.ok(loaded.ok);
    const wanted = celObjects(loaded.value, { leftOut: ['kube-system', 'airgap-system'] });
    assert.deepEqual(celDrift(wanted, await objects()), []);
  });

  await t.test('the policies of the cluster are taken where no file is named', async () => {
    await cluster.kubectl(['apply', '-f', `${folder}/enforce.yaml`]);
    const { out } = await airgap('install', '--engine', 'cel');
    assert.match(out, /ValidatingAdmissionPolicy default\.pods\.airgap\.dev configured/);
  });

  await t.test('a milder mode takes the mutation away', async () => {
    const { out } = await install('warn.yaml');
    assert.match(out, /MutatingAdmissionPolicyBinding default\.rewrite\.airgap\.dev deleted/);
    await soon('the mode Warn', async () => {
      const { status, text } = await created('nginx');
      return status === 201 && text.includes('"image":"nginx"');
    });
  });

  await t.test('a large policy and a large pod stay within what the API server bounds', async () => {
    await install('large.json');
    const images = mirrors.flatMap(({ sourcePrefix }, index) =>
      index < 100 ? [`${sourcePrefix}/app-${index}:1.2.3`] : [],
    );
    await soon('the large policy', async () => (await created(...images)).text.includes('team-99/app-99'));
    const reason = /container c100: quay\.io\/a: no mirror covers it/;
    await soon('the rejection', async () => reason.test((await created(...images, 'quay.io/a')).text));
  });

  await t.test('with both, the webhook fails open and the validation stands behind it', async () => {
    const image = ['--image', 'r.local/airgap-webhook:1', '--skip-image-check', '--timeout', '0'];
    await airgap('install', '--engine', 'both', '--policy', `${folder}/enforce.yaml`, ...image);
    const policies = await cluster.kubectl([
      'get',
      'validatingwebhookconfigurations,mutatingwebhookconfigurations',
      '-o',
      'jsonpath={.items[*].webhooks[*].failurePolicy}',
    ]);
    assert.equal(policies, 'Ignore Ignore');
    const names = (await objects()).map(
      ({ kind, metadata }) => `${String(kind)} ${(metadata as { name: string }).name}`,
    );
    assert.ok(names.includes('ValidatingAdmissionPolicy default.pods.airgap.dev'), names.join());
    assert.ok(
      names.every((name) => !name.startsWith('Mutating') && !name.includes('large')),
      names.join(),
    );
    await soon('the rejection', async () => (await created('nginx')).status === 403);
    await soon('the end of the large policy', async () => (await created('my-registry.local/a')).status === 201);
    assert.equal((await created('nginx')).status, 403);
  });

  await t.test("uninstall takes ours away and leaves other people's", async () => {
    await cluster.api.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'foreign' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
        },
        validations: [{ expression: 'true' }],
      },
    });
    const { out } = await airgap('uninstall');
    assert.match(out, /^ValidatingAdmissionPolicyBinding default\.(pods|templates)\.airgap\.dev deleted\n/);
    assert.deepEqual(
      (await objects()).map(({ metadata }) => (metadata as { name: string }).name),
      ['foreign'],
    );
  });
});
