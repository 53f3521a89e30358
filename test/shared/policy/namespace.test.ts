import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import {
  chosenFor,
  conflicts,
  namespaceNamed,
  namespaceWith,
  policyFor,
  type Namespace,
} from '../../../shared/policy/namespace.ts';
import { modes, policyWith } from './policies.ts';

const aged = (name: string, createdAt: string, namespaceSelector: object = {}): CompiledPolicy => ({
  ...policyWith({ namespaceSelector }, name),
  createdAt,
});
const team: Namespace = { name: 'team', labels: { tier: 'gold', 'kubernetes.io/metadata.name': 'team' } };

const all = aged('all', '2026-01-02T00:00:00Z');
const gold = aged('gold', '2026-01-03T00:00:00Z', { matchLabels: { tier: 'gold' } });
const goldToo = aged('gold-too', '2026-01-04T00:00:00Z', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] });

test('a policy that selects goes before one that covers all, whatever the order they come in', () => {
  for (const policies of [
    [all, gold],
    [gold, all],
  ]) {
    assert.equal(policyFor(policies, team)?.name, 'gold');
    assert.equal(policyFor(policies, namespaceNamed('other'))?.name, 'all');
  }
  assert.equal(policyFor([gold], namespaceNamed('other')), null);
});

test('among equals the oldest applies and the other is a conflict, by namespace or everywhere', () => {
  const later = aged('later', '2026-02-01T00:00:00Z');
  const policies = [later, goldToo, gold, all];
  assert.equal(policyFor(policies, team)?.name, 'gold');
  const found = conflicts(policies, [team, namespaceNamed('other')]);
  assert.deepEqual(
    found.map(({ policy, inForce, namespace }) => [policy.name, inForce.name, namespace]),
    [
      ['later', 'all', null],
      ['gold-too', 'gold', 'team'],
    ],
  );
});

const selectors: readonly (readonly [selector: object, selected: boolean])[] = [
  [{}, true],
  [{ matchLabels: { tier: 'gold' } }, true],
  [{ matchLabels: { tier: 'tin' } }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['tin', 'gold'] }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['gold'] }] }, false],
  [{ matchExpressions: [{ key: 'absent', operator: 'NotIn', values: ['gold'] }] }, true],
  [{ matchExpressions: [{ key: 'absent', operator: 'DoesNotExist' }] }, true],
  [{ matchExpressions: [{ key: 'absent', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, false],
];

for (const [selector, selected] of selectors)
  test(`${JSON.stringify(selector)} ${selected ? 'selects' : 'does not select'} the namespace`, () =>
    assert.equal(policyFor([aged('x', '', selector)], team) !== null, selected));

test('by its name alone a namespace gets the policy that it would get by its labels, or one that is no less strict', () => {
  const key = fc.constantFrom('tier', 'team', 'kubernetes.io/metadata.name');
  const value = fc.constantFrom('a', 'b', 'x');
  const selector = fc.record(
    {
      matchLabels: fc.dictionary(key, value, { maxKeys: 1 }),
      matchExpressions: fc.array(
        fc.oneof(
          fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values: fc.array(value, { minLength: 1 }) }),
          fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
        ),
        { maxLength: 1 },
      ),
    },
    { requiredKeys: [] },
  );
  const base = policyWith();
  const policy = fc
    .tuple(selector, fc.constantFrom(...modes), fc.constantFrom('a', 'b', 'c'))
    .map(([selects, mode, name]): CompiledPolicy => ({ ...base, selector: selects, mode, name }));
  let uncertain = 0;
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 3 }), fc.dictionary(key, value), (policies, labels) => {
      const namespace = namespaceWith('x', labels);
      const really = policyFor(policies, namespace);
      const known = chosenFor(policies, [namespace])('x');
      assert.deepEqual([known.policy?.name, known.certain], [really?.name, true]);
      const chosen = chosenFor(policies, [])('x');
      if (chosen.certain) assert.equal(chosen.policy?.name, really?.name);
      else {
        uncertain += 1;
        const strictness = (one: CompiledPolicy | null): number => (one === null ? -1 : modes.indexOf(one.mode));
        assert.ok(strictness(chosen.policy) >= strictness(really));
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(uncertain > 50, `only ${uncertain} were uncertain`);
});
