import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readRole, type Rule } from '../../../shared/kube/rbac.ts';
import { merged, missingRule, nearMisses, ruleText } from '../../../shared/rbac/missing.ts';
import type { Request } from '../../../shared/rbac/request.ts';
import { allows, uncovered } from '../../../shared/rbac/rule.ts';
import { role } from './objects.ts';

const some = (...values: string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const names = fc.oneof(fc.constant<string[]>([]), some('a', 'b'));
const resourceRule: fc.Arbitrary<Rule> = fc.record({
  verbs: some('get', 'list', 'watch', 'create', '*'),
  apiGroups: some('', 'apps', '*'),
  resources: some('pods', 'pods/log', 'deployments', '*/scale', '*'),
  resourceNames: names,
  nonResourceURLs: fc.constant([]),
});
const pathRule: fc.Arbitrary<Rule> = fc.record({
  verbs: some('get', 'head', '*'),
  apiGroups: fc.constant([]),
  resources: fc.constant([]),
  resourceNames: fc.constant([]),
  nonResourceURLs: some('/metrics', '/healthz/*', '*'),
});
const rules = fc.array(fc.oneof(resourceRule, pathRule), { maxLength: 6 });
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({
    verb: fc.constantFrom('get', 'list', 'watch', 'create', 'delete'),
    group: fc.constantFrom('', 'apps', 'batch'),
    resource: fc.constantFrom('pods', 'deployments', 'nodes'),
    subresource: fc.constantFrom('', 'log', 'scale'),
    name: fc.constantFrom('', 'a', 'b', 'c'),
    namespace: fc.constantFrom('', 'app'),
  }),
  fc.record({ verb: fc.constantFrom('get', 'head'), path: fc.constantFrom('/metrics', '/healthz/etcd', '/healthz') }),
);

test('merged rules allow exactly what the rules allowed', () => {
  fc.assert(
    fc.property(rules, request, (all, asked) => {
      assert.equal(
        merged(all).some((one) => allows(one, asked)),
        all.some((one) => allows(one, asked)),
      );
    }),
  );
});

test('the missing rule allows the request, and no rule is missing beside itself', () => {
  fc.assert(
    fc.property(request, (asked) => {
      assert.ok(allows(missingRule(asked), asked));
      assert.deepEqual(uncovered([missingRule(asked)], [missingRule(asked)]), []);
    }),
  );
});

test('what is not covered is what somebody could not do before', () => {
  fc.assert(
    fc.property(rules, rules, request, (held, wanted, asked) => {
      const missing = uncovered(held, wanted);
      const before = held.some((one) => allows(one, asked));
      const after = [...held, ...missing].some((one) => allows(one, asked));
      assert.equal(after, before || wanted.some((one) => allows(one, asked)));
    }),
  );
});

test('rules are merged over verbs, then names, then resources', () => {
  const texts = ['get pods', 'list pods', 'get,list services', 'get secrets#a', 'get secrets#b', 'get /a', 'get /b'];
  const short = merged(readRole(role('x', texts)).rules).map((one) =>
    [one.verbs, one.resources, one.resourceNames, one.nonResourceURLs]
      .map((list) => list.join(','))
      .join(' ')
      .trim(),
  );
  assert.deepEqual(short, ['get,list pods,services', 'get secrets a,b', 'get   /a,/b']);
});

test('a near miss is a rule that is wrong in one part only', () => {
  const roles = [readRole(role('app/r', ['get pods', 'list pods/log', 'list secrets#a', 'delete nodes']))];
  const asked = { verb: 'list', group: '', resource: 'pods', subresource: '', name: '', namespace: 'app' };
  assert.deepEqual(
    nearMisses(roles, asked).map(({ part }) => part),
    ['verb', 'resource'],
  );
});

test('a rule on one line is YAML that a role can hold', () => {
  fc.assert(
    fc.property(fc.oneof(resourceRule, pathRule), (one) => {
      assert.deepEqual(readRole({ rules: [parse(ruleText(one))] }).rules, [{ ...one }]);
    }),
  );
  const [least] = readRole(role('x', ['get secrets#db'])).rules;
  assert.ok(least);
  assert.equal(ruleText(least), '{apiGroups: [""], resources: [secrets], resourceNames: [db], verbs: [get]}');
});
