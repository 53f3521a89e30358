import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../shared/kube/json.ts';
import { admissionObjects } from '../../plugin/install/admission-objects.ts';
import { askedUnder, changesFor, type Asked } from '../../webhook/cluster/asked.ts';
import type { Change } from '../../webhook/cluster/configurations.ts';
import { applyPatch } from '../shared/policy/apply-patch.ts';
import { policyWith } from '../shared/policy/policies.ts';

const [mutating, validating] = admissionObjects('airgap-system').map(
  (object) => object['webhooks'] as readonly Json[],
) as [readonly Json[], readonly Json[]];

function changed(webhooks: readonly Json[], changes: readonly Change[]): Json[] {
  return (applyPatch({ webhooks }, changes) as { readonly webhooks: Json[] }).webhooks;
}

const named = (webhooks: readonly Json[], name: string): Json =>
  webhooks.find((webhook) => webhook['name'] === name) ?? {};
const conditions = (webhook: Json): string[] =>
  ((webhook['matchConditions'] ?? []) as readonly Json[]).map(({ name }) => String(name));

const policy = policyWith({ exemptions: [{ namespaces: ['free'], reason: 'a test' }] });
const asked = askedUnder([policy], new Map());
const kept = (webhooks: readonly Json[], now: Asked = asked): Json[] =>
  changed(webhooks, changesFor(now, webhooks, 'validates'));

test('the validating webhook is asked where something is to be judged, and about custom resources by one of its own', () => {
  const after = kept(validating);
  assert.deepEqual(conditions(named(after, 'validate.airgap.dev')), [
    'not-exempt.airgap.dev',
    'something-to-judge.airgap.dev',
  ]);
  const custom = named(after, 'custom-resources.airgap.dev');
  assert.deepEqual(conditions(custom), ['holds-images.airgap.dev', 'not-exempt.airgap.dev']);
  const { clientConfig, failurePolicy, namespaceSelector } = named(validating, 'validate.airgap.dev');
  assert.deepEqual(
    [custom['clientConfig'], custom['failurePolicy'], custom['namespaceSelector']],
    [clientConfig, failurePolicy, namespaceSelector],
  );
  assert.ok(JSON.stringify(custom['matchConditions']).includes("'postgresql.cnpg.io/Cluster'"));
  assert.deepEqual(changesFor(asked, after, 'validates'), [], 'a second look changes nothing');
});

test('users of exempt namespaces are warned of what makes pods, by a webhook that blocks nothing', () => {
  const exempt = named(kept(validating), 'exempt-namespaces.airgap.dev');
  assert.deepEqual(conditions(exempt), ['exempt.airgap.dev', 'something-to-judge.airgap.dev']);
  assert.equal(exempt['failurePolicy'], 'Ignore');
  assert.doesNotMatch(JSON.stringify(exempt['rules']), /"pods"/);
  assert.match(JSON.stringify(exempt['rules']), /"deployments"/);
  // Gone with the last exemption, and with all kinds of custom resources.
  const none = kept(kept(validating), { ...asked, exempt: [], custom: [] });
  assert.deepEqual(
    none.map(({ name }) => name),
    ['validate.airgap.dev'],
  );
});

test('the mutating webhook is asked about everything, for it warns and counts', () => {
  assert.deepEqual(changesFor(asked, mutating, 'mutates'), []);
  const before = mutating.map((webhook) => ({
    ...webhook,
    matchConditions: [
      { name: 'ours.example.com', expression: 'true' },
      { name: 'not-exempt.airgap.dev', expression: 'true' },
    ],
  }));
  const after = changed(before, changesFor(asked, before, 'mutates'));
  assert.deepEqual(after.map(conditions), [['ours.example.com']]);
});

test('what a site adds stays, whatever policies come and go', () => {
  const site = { name: 'weekdays.example.com', expression: 'true' };
  const before = validating.map((webhook) => ({ ...webhook, matchConditions: [site] }));
  const steps = [
    asked,
    askedUnder([], new Map()),
    askedUnder([policyWith({ customResources: [{ group: 'x.io', kind: 'Thing', paths: ['spec.image'] }] })], new Map()),
    asked,
  ];
  let webhooks: Json[] = [...before];
  for (const now of steps) {
    webhooks = kept(webhooks, now);
    for (const webhook of webhooks) assert.ok(conditions(webhook).includes(site.name), String(webhook['name']));
    assert.deepEqual(changesFor(now, webhooks, 'validates'), []);
  }
  assert.deepEqual(webhooks, kept(before));
});

test('where no policy is in force, or none of them allows the same, everything is asked about', () => {
  assert.equal(askedUnder([], new Map()).toJudge, null);
  const other = { ...policyWith({ allowedPrefixes: [], mirrors: [] }), name: 'other' };
  assert.equal(askedUnder([policy, other], new Map()).toJudge, null);
  assert.notEqual(askedUnder([policy, { ...policy, name: 'twin' }], new Map()).toJudge, null);
});

test('with a backstop the webhook fails open, and asks about exempt namespaces itself', () => {
  const open = admissionObjects('airgap-system', true)[1]?.['webhooks'] as readonly Json[];
  assert.deepEqual(conditions(named(kept(open), 'validate.airgap.dev')), ['something-to-judge.airgap.dev']);
  assert.equal(named(kept(open), 'custom-resources.airgap.dev')['failurePolicy'], 'Ignore');
  assert.deepEqual(named(kept(open), 'exempt-namespaces.airgap.dev'), {});
});

test('a kind that a policy says more of is always asked about', () => {
  const more = policyWith({
    customResources: [{ group: 'apps', kind: 'Deployment', paths: ['spec.template.metadata.image'] }],
  });
  const { toJudge, custom } = askedUnder([more], new Map());
  assert.match(String(toJudge), /^request\.kind\.kind in \['Deployment'\] \|\| /);
  assert.ok(custom.every(({ kind }) => kind !== 'Deployment'));
});
