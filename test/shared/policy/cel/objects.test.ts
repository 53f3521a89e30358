import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { admissionObjects } from '../../../../plugin/install/admission-objects.ts';
import { celDrift } from '../../../../shared/policy/cel/drift.ts';
import type { KubernetesObject } from '../../../../shared/policy/cel/kubernetes-object.ts';
import { celObjects } from '../../../../shared/policy/cel/objects.ts';
import { whatCelLacks } from '../../../../shared/policy/cel/untold.ts';
import type { CompiledPolicy, Selector } from '../../../../shared/policy/compile.ts';
import { policyFor } from '../../../../shared/policy/namespace.ts';
import { modes, policyWith } from '../policies.ts';

const kindsAndNames = (objects: readonly KubernetesObject[]): string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

test('policies come before their bindings, and nothing is rewritten before the mode Rewrite', () => {
  assert.deepEqual(kindsAndNames(celObjects([policyWith()])), [
    'MutatingAdmissionPolicy default.rewrite.airgap.dev',
    'MutatingAdmissionPolicyBinding default.rewrite.airgap.dev',
    'ValidatingAdmissionPolicy default.pods.airgap.dev',
    'ValidatingAdmissionPolicyBinding default.pods.airgap.dev',
    'ValidatingAdmissionPolicy default.templates.airgap.dev',
    'ValidatingAdmissionPolicyBinding default.templates.airgap.dev',
  ]);
  const rewriting = modes.map((mode) =>
    celObjects([policyWith({ mode })]).some(({ kind }) => kind === 'MutatingAdmissionPolicy'),
  );
  assert.deepEqual(rewriting, [false, false, true, true]);
  assert.equal(celObjects([policyWith()], { parts: 'validate' }).length, 4);
});

test('only Enforce denies, and only there an error fails closed', () => {
  const seen = modes.map((mode) => {
    const [policy, binding] = celObjects([policyWith({ mode })], { parts: 'validate' });
    return `${String(policy?.spec['failurePolicy'])} ${String(binding?.spec['validationActions'])}`;
  });
  assert.deepEqual(seen, ['Ignore Audit', 'Ignore Warn,Audit', 'Ignore Warn,Audit', 'Fail Deny,Audit']);
});

test('the same kinds are judged as by the webhook', () => {
  const resources = (rules: unknown): string[] =>
    (rules as { apiGroups: string[]; resources: string[] }[])
      .flatMap(({ apiGroups, resources: names }) => names.map((name) => `${apiGroups.join()}/${name}`))
      .toSorted();
  const ours = celObjects([policyWith()]).filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  const rules = ours.flatMap(({ spec }) => (spec['matchConstraints'] as { resourceRules: unknown[] }).resourceRules);
  const configuration = admissionObjects('airgap-system').find(({ kind }) => kind.startsWith('Validating'));
  const webhooks = (configuration?.['webhooks'] ?? []) as { rules: unknown }[];
  assert.deepEqual(resources(rules), resources(webhooks[0]?.rules));
});

const key = fc.constantFrom('team', 'tier');
const value = fc.constantFrom('a', 'b');
const selector: fc.Arbitrary<Selector> = fc.record(
  {
    matchLabels: fc.dictionary(key, value, { maxKeys: 2 }),
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key,
          operator: fc.constantFrom('In' as const, 'NotIn' as const),
          values: fc.array(value, { minLength: 1, maxLength: 2 }),
        }),
        fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

test('each namespace is bound once to the policy that applies to it, and to no other', () => {
  const base = policyWith({ mode: 'Audit', exemptions: [{ namespaces: ['free'], reason: 'a test' }] });
  const selects = (one: Selector, labels: Record<string, string>): boolean =>
    policyFor([{ ...base, selector: one }], { name: '', labels }) !== null;
  fc.assert(
    fc.property(
      fc.array(selector, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('team', 'free', 'kube-system'),
      fc.dictionary(key, value, { maxKeys: 2 }),
      (selectors, name, labels) => {
        const policies = selectors.map((one, index): CompiledPolicy => ({ ...base, name: `p${index}`, selector: one }));
        const namespace = { name, labels: { ...labels, 'kubernetes.io/metadata.name': name } };
        const bound = celObjects(policies)
          .filter(({ kind, metadata }) => kind.endsWith('Binding') && metadata.name.includes('.pods.'))
          .filter(({ spec }) =>
            selects((spec['matchResources'] as { namespaceSelector: Selector }).namespaceSelector, namespace.labels),
          )
          .map(({ spec }) => spec['policyName']);
        const applies = policyFor(policies, namespace);
        const wanted = applies === null || name !== 'team' ? [] : [`${applies.name}.pods.airgap.dev`];
        assert.deepEqual(bound, wanted);
      },
    ),
    { numRuns: 150 },
  );
});

test('drift is what is missing, what was changed by hand, and what no policy makes any more', () => {
  const wanted = celObjects([policyWith()]);
  const copy = structuredClone(wanted) as unknown as Record<string, unknown>[];
  assert.deepEqual(celDrift(wanted, copy), []);
  const binding = copy[3] as { spec: { validationActions: string[] } };
  binding.spec.validationActions = ['Audit'];
  const foreign = { kind: 'ValidatingAdmissionPolicy', metadata: { name: 'other', labels: {} }, spec: {} };
  const old = celObjects([policyWith({ mode: 'Audit' }, 'old')])[0] as unknown as Record<string, unknown>;
  assert.deepEqual(celDrift(wanted, [...copy.slice(1), foreign, old]), [
    { kind: 'MutatingAdmissionPolicy', name: 'default.rewrite.airgap.dev', what: 'missing' },
    { kind: 'ValidatingAdmissionPolicyBinding', name: 'default.pods.airgap.dev', what: 'changed' },
    { kind: 'ValidatingAdmissionPolicy', name: 'old.pods.airgap.dev', what: 'extra' },
  ]);
});

test('a name that a rule leads to Docker Hub is measured with the library/ that it gets there', () => {
  const results = (targetPrefix: string): string => {
    const [mutating] = celObjects([policyWith({ mirrors: [{ sourcePrefix: 'quay.io', targetPrefix }] })]);
    const variables = mutating?.spec['variables'] as { name: string; expression: string }[];
    return variables.find(({ name }) => name === 'results')?.expression ?? '';
  };
  assert.match(results('docker.io'), /docker\\\.io\/\[\^\/\]\+\$'\) \? 8 : 0/);
  assert.doesNotMatch(results('docker.io/mirror'), /\? 8 : 0/);
});

test('what cannot be said is told, and what cannot be read is refused', () => {
  const custom = [{ group: 'a.b', kind: 'Thing', paths: ['spec.image'] }];
  const told = whatCelLacks([
    policyWith({ mode: 'Rewrite', customResources: custom }),
    policyWith({}, 'second'),
  ]).join();
  assert.match(
    told,
    /not told what was rewritten.*kube-system are not looked at.*Thing are not judged.*second is left/,
  );
  const mirrors = Array.from({ length: 128 }, (_, index) => ({
    sourcePrefix: `a${index}.example.com/${'s'.repeat(230)}`,
    targetPrefix: `r.example.com/${index}/${'t'.repeat(230)}`,
  }));
  const allowedPrefixes = Array.from({ length: 128 }, (_, index) => `b${index}.example.com/${'s'.repeat(230)}`);
  assert.throws(() => celObjects([policyWith({ mirrors, allowedPrefixes })]), /too large for CEL: .* characters/);
});
