import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { denials } from '../../../../plugin/doctor/rbac/denial.ts';
import { unquote } from '../../../../plugin/doctor/rbac/quoted.ts';

const web = 'User "system:serviceaccount:app:web"';
const parsed = 'system:serviceaccount:app:web';

/** One line for a denial: user, verb, group/resource/subresource#name @namespace. */
function short(message: string): string[] {
  return denials(message).map((denial) => {
    if (denial.kind === 'no-account') return `no account ${denial.account.namespace}/${denial.account.name}`;
    if (denial.kind === 'escalation') {
      const rules = denial.missing.map((rule) =>
        Object.values(rule)
          .map((list) => list.join(','))
          .join('|'),
      );
      return `${denial.user} [${denial.groups.join(' ')}] grants in ${denial.target.resource} ${denial.target.name}: ${rules.join(' + ')}`;
    }
    const { user, request, missingRoles } = denial;
    const lost = missingRoles.map(({ kind, name }) => ` without ${kind} ${name}`).join('');
    if ('path' in request) return `${user} ${request.verb} ${request.path}${lost}`;
    const { verb, group, resource, subresource, name, namespace } = request;
    return `${user} ${verb} ${group}/${resource}/${subresource}#${name} @${namespace}${lost}`;
  });
}

const cases: readonly [string, string, string[]][] = [
  [
    'in a namespace',
    `pods is forbidden: ${web} cannot list resource "pods" in API group "" in the namespace "app"`,
    [`${parsed} list /pods/# @app`],
  ],
  [
    'at the cluster scope',
    `nodes is forbidden: ${web} cannot list resource "nodes" in API group "" at the cluster scope`,
    [`${parsed} list /nodes/# @`],
  ],
  [
    'with a name',
    `secrets "db" is forbidden: ${web} cannot get resource "secrets" in API group "" in the namespace "app"`,
    [`${parsed} get /secrets/#db @app`],
  ],
  [
    'with a group',
    `deployments.apps "x" is forbidden: ${web} cannot patch resource "deployments" in API group "apps" in the namespace "app"`,
    [`${parsed} patch apps/deployments/#x @app`],
  ],
  [
    'with a subresource',
    `pods "x" is forbidden: ${web} cannot get resource "pods/log" in API group "" in the namespace "app"`,
    [`${parsed} get /pods/log#x @app`],
  ],
  [
    'of a user',
    'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "app"',
    ['jane list /pods/# @app'],
  ],
  [
    'of a user with quotes in the name',
    String.raw`pods is forbidden: User "a \"b\" c" cannot list resource "pods" in API group "" at the cluster scope`,
    ['a "b" c list /pods/# @'],
  ],
  [
    'of a user that looks like HTML',
    'pods is forbidden: User "&lt;a&gt;&amp;" cannot list resource "pods" in API group "" at the cluster scope',
    ['<a>& list /pods/# @'],
  ],
  ['a path', 'forbidden: User "system:anonymous" cannot get path "/metrics"', ['system:anonymous get /metrics']],
  [
    'a missing role',
    `x is forbidden: ${web} cannot get resource "x" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "r" not found`,
    [`${parsed} get /x/# @ without ClusterRole r`],
  ],
  [
    'two missing roles',
    `x is forbidden: ${web} cannot get resource "x" in API group "" in the namespace "n": RBAC: [clusterrole.rbac.authorization.k8s.io "a" not found, role.rbac.authorization.k8s.io "b" not found]`,
    [`${parsed} get /x/# @n without ClusterRole a without Role b`],
  ],
  [
    'impersonation',
    `users "root" is forbidden: ${web} cannot impersonate resource "users" in API group "" at the cluster scope`,
    [`${parsed} impersonate /users/#root @`],
  ],
  [
    'as a quota controller wraps it',
    `Error creating: pods "web-1" is forbidden: ${web} cannot create resource "pods" in API group "" in the namespace "app"`,
    [`${parsed} create /pods/#web-1 @app`],
  ],
  [
    'in a log line that quotes it once more',
    String.raw`E0101 reflector.go:205] "Failed to watch" err="failed to list *v1.Pod: pods is forbidden: User \"system:serviceaccount:app:web\" cannot list resource \"pods\" in API group \"\" at the cluster scope" logger="x"`,
    [`${parsed} list /pods/# @`],
  ],
  [
    'two in one message',
    `a is forbidden: ${web} cannot get resource "a" in API group "" at the cluster scope\nb is forbidden: ${web} cannot get resource "b" in API group "" at the cluster scope`,
    [`${parsed} get /a/# @`, `${parsed} get /b/# @`],
  ],
  ['before 1.12', `pods is forbidden: ${web} cannot list pods in the namespace "app"`, [`${parsed} list /pods/# @app`]],
  [
    'before 1.12, with all',
    `deployments.extensions "x" is forbidden: ${web} cannot update deployments.extensions/scale in the namespace "app".`,
    [`${parsed} update extensions/deployments/scale#x @app`],
  ],
  [
    'before 1.12, at the cluster scope',
    'User "jane" cannot list nodes at the cluster scope.: no RBAC policy matched',
    ['jane list /nodes/# @'],
  ],
  ['of OpenShift 3', 'User "jane" cannot list pods in project "shop"', ['jane list /pods/# @shop']],
  ['of OpenShift 3, all', 'User "jane" cannot list all nodes in the cluster', ['jane list /nodes/# @']],
  [
    'escalation',
    'roles.rbac.authorization.k8s.io "r" is forbidden: user "jane" (groups=["dev" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}\n{NonResourceURLs:["/metrics"], Verbs:["get"]}',
    ['jane [dev system:authenticated] grants in roles r: get,list|apps|deployments|| + get||||/metrics'],
  ],
  [
    'escalation with resource names and errors',
    'clusterrolebindings.rbac.authorization.k8s.io "b" is forbidden: user "jane" (groups=[]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], ResourceNames:["a"], Verbs:["get"]}; resolution errors: [role "x" not found]',
    ['jane [] grants in clusterrolebindings b: get||secrets|a|'],
  ],
  [
    'escalation in a quoted log line',
    String.raw`err="roles.rbac.authorization.k8s.io \"r\" is forbidden: user \"jane\" (groups=[\"dev\"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\"]}"`,
    ['jane [dev] grants in roles r: get||pods||'],
  ],
  [
    'escalation before 1.12',
    'roles.rbac.authorization.k8s.io "r" is forbidden: attempt to grant extra privileges: [PolicyRule{Resources:["pods"], APIGroups:[""], Verbs:["get"]} PolicyRule{Resources:["nodes"], APIGroups:[""], Verbs:["list"]}] user=&{jane  [dev system:authenticated] map[]} ownerrules=[] ruleResolutionErrors=[]',
    ['jane [dev system:authenticated] grants in roles r: get||pods|| + list||nodes||'],
  ],
  [
    'an account that is not there',
    'Error creating: pods "web-" is forbidden: error looking up service account app/web: serviceaccount "web" not found',
    ['no account app/web'],
  ],
  ['quota', 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1', []],
  [
    'pod security',
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    [],
  ],
  [
    'a terminating namespace',
    'pods "x" is forbidden: unable to create new content in namespace app because it is being terminated',
    [],
  ],
  [
    'the node authorizer',
    `secrets "x" is forbidden: User "system:node:n1" cannot get resource "secrets" in API group "" in the namespace "app": no relationship found between node 'n1' and this object`,
    [],
  ],
  ['a registry', 'pull access denied, repository does not exist or may require authorization: 403 Forbidden', []],
  ['prose', 'User jane cannot list pods', []],
  [
    'with a line end in a name',
    String.raw`x is forbidden: ${web} cannot get resource "x\n$ rm" in API group "" at the cluster scope`,
    [],
  ],
];

for (const [title, message, expected] of cases)
  test(`denial ${title}`, () => assert.deepEqual(short(message), expected));

/** As Go's %q prints the characters that matter here. */
const goQuote = (text: string): string => JSON.stringify(text);
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const userName = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => !/[&<>\p{C}]/u.test(text));

test('what the API server prints is read back', () => {
  fc.assert(
    fc.property(
      fc.record({
        user: userName,
        verb: word,
        resource: word,
        subresource: fc.option(word, { nil: '' }),
        group: fc.option(word, { nil: '' }),
        name: fc.option(word, { nil: '' }),
        namespace: fc.option(word, { nil: '' }),
      }),
      fc.string({ maxLength: 40 }),
      ({ user, verb, resource, subresource, group, name, namespace }, before) => {
        const what = resource + (subresource === '' ? '' : `/${subresource}`);
        const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
        const about = `${resource}${group === '' ? '' : `.${group}`}${name === '' ? '' : ` ${goQuote(name)}`}`;
        const message = `${before.replaceAll(/["\\]/g, '')} ${about} is forbidden: User ${goQuote(user)} cannot ${verb} resource ${goQuote(what)} in API group ${goQuote(group)} ${where}`;
        const [denial, ...more] = denials(message);
        assert.equal(more.length, 0);
        assert.ok(denial?.kind === 'request');
        assert.equal(denial.user, user);
        assert.deepEqual(denial.request, { verb, group, resource, subresource, name, namespace });
      },
    ),
  );
});

test('a string that Go quoted is unquoted', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(unquote(goQuote(text)), text)));
  assert.equal(unquote(String.raw`"\x41\u00e9\U0001f600\a\v"`), 'Aé😀\u0007\v');
});

test('no text makes the parser throw, and a long one comes to an end', () => {
  const pieces = fc.constantFrom(
    'User "',
    '"',
    '\\',
    '\\"',
    ' cannot ',
    ' resource ',
    ' in API group ',
    ' is forbidden: ',
    'in the namespace ',
    '{APIGroups:["',
    '"]',
    '\n',
    'x',
    'service account a/b: c not found',
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => void denials(parts.join(''))));
  for (const piece of [
    'User "a" cannot ',
    'x is forbidden: ',
    'User "',
    '\\"',
    'user "a" (groups=["',
    '{',
    'a service account b/',
    ' "',
  ])
    denials(`cannot currently held service account ${piece.repeat(10_000_000 / piece.length)}`);
});
