import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exemptNamespaces } from '../../webhook/cluster/exempt.ts';
import { policyWith } from '../shared/policy/policies.ts';

const exemptions = (...namespaces: [string, ...string[]]): object => ({
  exemptions: [{ namespaces, reason: 'a test' }],
});

test('a namespace is left out where the policy that applies to it exempts it, and nowhere else', () => {
  const everywhere = policyWith(exemptions('b', 'a', 'special'));
  const selecting = {
    ...policyWith(exemptions('team')),
    name: 'special',
    selector: { matchLabels: { special: 'yes' } },
  };
  const namespaces = new Map(
    ['a', 'special', 'team'].map((name) => [name, { name, labels: name === 'a' ? {} : { special: 'yes' } }]),
  );
  // b is not there yet; a policy that selects goes before the one that covers all.
  assert.deepEqual(exemptNamespaces([everywhere, selecting], namespaces), ['a', 'b', 'team']);
  assert.deepEqual(exemptNamespaces([], namespaces), []);
});
