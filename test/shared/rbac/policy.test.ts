import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../shared/kube/json.ts';
import { readBinding, readRole } from '../../../shared/kube/rbac.ts';
import { may, policyOf } from '../../../shared/rbac/policy.ts';
import type { Request } from '../../../shared/rbac/request.ts';
import { accountOf, who } from '../../../shared/rbac/who.ts';
import { binding, role } from './objects.ts';

/** `list pods -n app`, `get pods/log#web -n app`, `update deployments.apps/scale`, `get /metrics`. */
export function request(text: string): Request {
  const [verb = '', what = '', , namespace = ''] = text.split(' ');
  if (what.startsWith('/')) return { verb, path: what };
  const [full = '', name = ''] = what.split('#');
  const [grouped = '', subresource = ''] = full.split('/');
  const [resource = '', ...group] = grouped.split('.');
  return { verb, group: group.join('.'), resource, subresource, name, namespace };
}

function answer(objects: readonly Json[], user: string, groups: readonly string[], text: string): string {
  const roles = objects.filter((object) => 'rules' in object).map(readRole);
  const bindings = objects.filter((object) => 'roleRef' in object).map(readBinding);
  const result = may(policyOf(roles, bindings), who(user, groups), request(text));
  if (result.allowed) return `yes by ${result.by.binding.meta.name}`;
  return result.dangling.length === 0 ? 'no' : `no, dangling ${result.dangling.map(({ meta }) => meta.name).join(' ')}`;
}

const web = 'system:serviceaccount:app:web';
const here = (rule: string): Json[] => [role('app/r', [rule]), binding('app/b', 'Role r', ['sa web'])];
const everywhere = (rule: string): Json[] => [role('r', [rule]), binding('b', 'ClusterRole r', ['sa app/web'])];

const cases: readonly [string, readonly Json[], string, string, string][] = [
  ['a verb', here('get,list pods'), web, 'list pods -n app', 'yes by b'],
  ['another verb', here('get pods'), web, 'list pods -n app', 'no'],
  ['every verb', here('* pods'), web, 'deletecollection pods -n app', 'yes by b'],
  ['a group', here('get deployments.apps'), web, 'get deployments.apps#x -n app', 'yes by b'],
  ['another group', here('get deployments.extensions'), web, 'get deployments.apps#x -n app', 'no'],
  ['every group and resource', here('* *.*'), web, 'update deployments.apps/scale#x -n app', 'yes by b'],
  ['a resource does not include its subresources', here('get pods'), web, 'get pods/log#x -n app', 'no'],
  ['a subresource', here('get pods/log'), web, 'get pods/log#x -n app', 'yes by b'],
  ['a subresource does not include its resource', here('get pods/log'), web, 'get pods#x -n app', 'no'],
  [
    'one subresource of every resource',
    here('update */scale.apps'),
    web,
    'update deployments.apps/scale#x -n app',
    'no',
  ],
  ['a wildcard after the slash is none', here('get pods/*'), web, 'get pods/log#x -n app', 'no'],
  ['a name', here('get secrets#db'), web, 'get secrets#db -n app', 'yes by b'],
  ['another name', here('get secrets#db'), web, 'get secrets#tls -n app', 'no'],
  ['a rule with names and a list', here('list secrets#db'), web, 'list secrets -n app', 'no'],
  ['another namespace', here('get pods'), web, 'get pods#x -n other', 'no'],
  ['a role is not for all namespaces', here('list pods'), web, 'list pods', 'no'],
  ['the whole cluster', everywhere('list pods'), web, 'list pods', 'yes by b'],
  ['the whole cluster includes a namespace', everywhere('list pods'), web, 'list pods -n any', 'yes by b'],
  ['a path', everywhere('get /metrics'), web, 'get /metrics', 'yes by b'],
  ['a path with a trailing star', everywhere('get /healthz/*'), web, 'get /healthz/etcd', 'yes by b'],
  ['which does not include its parent', everywhere('get /healthz/*'), web, 'get /healthz', 'no'],
  ['a star inside is no wildcard', everywhere('get /a/*/b'), web, 'get /a/x/b', 'no'],
  ['a role binding grants no paths', here('get /metrics'), web, 'get /metrics', 'no'],
  ['a resource rule grants no paths', everywhere('* *.*'), web, 'get /metrics', 'no'],
  [
    'a cluster role in one namespace',
    [role('r', ['get pods']), binding('app/b', 'ClusterRole r', ['sa web'])],
    web,
    'get pods#x -n app',
    'yes by b',
  ],
  [
    'and in no other',
    [role('r', ['get pods']), binding('app/b', 'ClusterRole r', ['sa web'])],
    web,
    'get pods#x -n b',
    'no',
  ],
  [
    'an account of another namespace',
    [role('app/r', ['get pods']), binding('app/b', 'Role r', ['sa ci/web'])],
    'system:serviceaccount:ci:web',
    'get pods#x -n app',
    'yes by b',
  ],
  ['the same name elsewhere', here('get pods'), 'system:serviceaccount:ci:web', 'get pods#x -n app', 'no'],
  [
    'an account without namespace in a cluster role binding',
    [role('r', ['get pods']), binding('b', 'ClusterRole r', ['sa web'])],
    web,
    'get pods#x -n app',
    'no',
  ],
  [
    'an account by its user name',
    [role('app/r', ['get pods']), binding('app/b', 'Role r', [`user ${web}`])],
    web,
    'get pods#x -n app',
    'yes by b',
  ],
  [
    'all accounts',
    [role('r', ['get pods']), binding('b', 'ClusterRole r', ['group system:serviceaccounts'])],
    web,
    'get pods#x -n app',
    'yes by b',
  ],
  [
    'all accounts of a namespace',
    [role('r', ['get pods']), binding('b', 'ClusterRole r', ['group system:serviceaccounts:app'])],
    web,
    'get pods',
    'yes by b',
  ],
  [
    'all accounts of another namespace',
    [role('r', ['get pods']), binding('b', 'ClusterRole r', ['group system:serviceaccounts:ci'])],
    web,
    'get pods',
    'no',
  ],
  [
    'everybody',
    [role('r', ['get pods']), binding('b', 'ClusterRole r', ['group system:authenticated'])],
    'jane',
    'get pods',
    'yes by b',
  ],
  [
    'everybody but the anonymous',
    [role('r', ['get pods']), binding('b', 'ClusterRole r', ['group system:authenticated'])],
    'system:anonymous',
    'get pods',
    'no',
  ],
  [
    'the anonymous',
    [role('r', ['get /version']), binding('b', 'ClusterRole r', ['group system:unauthenticated'])],
    'system:anonymous',
    'get /version',
    'yes by b',
  ],
  ['a missing role', [binding('app/b', 'Role r', ['sa web'])], web, 'get pods#x -n app', 'no, dangling b'],
  [
    'a role of another namespace is missing',
    [role('lib/r', ['get pods']), binding('app/b', 'Role r', ['sa web'])],
    web,
    'get pods#x -n app',
    'no, dangling b',
  ],
  [
    'a cluster role binding cannot name a Role',
    [role('app/r', ['get pods']), binding('b', 'Role r', ['sa app/web'])],
    web,
    'get pods#x -n app',
    'no, dangling b',
  ],
  [
    'a missing role and a good one',
    [...here('get pods'), binding('app/a', 'Role gone', ['sa web'])],
    web,
    'get pods#x -n app',
    'yes by b',
  ],
];

for (const [title, objects, user, text, expected] of cases)
  test(`may: ${title}`, () => assert.equal(answer(objects, user, [], text), expected));

test('may: groups that somebody told', () => {
  const objects = [role('r', ['get pods']), binding('b', 'ClusterRole r', ['group dev'])];
  assert.equal(answer(objects, 'jane', ['dev'], 'get pods'), 'yes by b');
  assert.equal(answer(objects, 'jane', [], 'get pods'), 'no');
  assert.equal(answer([], 'jane', ['system:masters'], 'get /anything'), 'yes by system:masters');
});

test('one subresource of every resource in a group', () => {
  const scale = {
    metadata: { namespace: 'app', name: 'r' },
    rules: [{ verbs: ['update'], apiGroups: ['apps'], resources: ['*/scale'] }],
  };
  const objects = [scale, binding('app/b', 'Role r', ['sa web'])];
  assert.equal(answer(objects, web, [], 'update deployments.apps/scale#x -n app'), 'yes by b');
  assert.equal(answer(objects, web, [], 'update deployments.apps/status#x -n app'), 'no');
  assert.equal(answer(objects, web, [], 'update deployments.apps#x -n app'), 'no');
});

for (const [user, expected] of [
  ['system:serviceaccount:app:web', { namespace: 'app', name: 'web' }],
  ['system:serviceaccount:app', undefined],
  ['system:serviceaccount::web', undefined],
  ['system:serviceaccount:a:b:c', undefined],
  ['system:serviceaccounts', undefined],
  ['jane', undefined],
] as const)
  test(`the account behind ${user}`, () => assert.deepEqual(accountOf(user), expected));
