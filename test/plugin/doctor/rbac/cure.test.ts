import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import type { ReportFinding } from '../../../../plugin/doctor/report.ts';
import type { Json } from '../../../../shared/kube/json.ts';
import { binding, role } from '../../../shared/rbac/objects.ts';
import { event, examine, manifestOf, pod, type Situation } from './situation.ts';

const ids = ['AG-RBC-001', 'AG-RBC-002', 'AG-RBC-003', 'AG-RBC-004', 'AG-RBC-005'];
const running = { accounts: ['app/web', 'ci/builder'], pods: [pod('app/web-1', 'web')] };
const denied = (what: string, where: string, who = 'system:serviceaccount:app:web'): string =>
  `x is forbidden: User ${JSON.stringify(who)} cannot ${what} ${where}`;
const told = (...messages: string[]): Situation => ({
  ...running,
  events: messages.map((m) => event('Pod app/web-1', m)),
});
const pods = 'list resource "pods" in API group ""';

function findings(situation: Situation): ReportFinding[] {
  return ids.flatMap((id) => examine(id, situation).findings);
}

function path(object: Json): string {
  const { namespace, name } = object['metadata'] as { namespace?: string; name: string };
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/**
 * The situation after somebody pasted the commands: objects of the same kind and name are replaced. As in a cluster,
 * nothing of the command is done to a binding whose role would change, unless it is made anew, nor in a missing namespace.
 */
function applied(situation: Situation, yaml: string, command = 'apply'): Situation {
  const lists = { roles: [...(situation.roles ?? [])], bindings: [...(situation.bindings ?? [])] };
  const accounts = [...(situation.accounts ?? [])];
  const namespaces = [...(situation.namespaces ?? ['app', 'ci', 'lib'])];
  for (const document of parseAllDocuments(yaml)) {
    assert.deepEqual(document.errors, []);
    const object = document.toJS() as Json;
    const name = path(object);
    const kind = String(object['kind']);
    if (kind === 'Namespace') namespaces.push(name);
    else if (name.includes('/') && !namespaces.includes(name.split('/')[0] ?? '')) continue;
    else if (kind === 'ServiceAccount') accounts.push(name);
    else {
      const list = lists[kind.endsWith('Binding') ? 'bindings' : 'roles'];
      const at = list.findIndex((one) => path(one) === name);
      const otherRole = at >= 0 && !isDeepStrictEqual(list[at]?.['roleRef'], object['roleRef']);
      if (otherRole && command === 'apply') continue;
      list.splice(at < 0 ? list.length : at, at < 0 ? 0 : 1, object);
    }
  }
  return { ...situation, ...lists, accounts, namespaces };
}

/** Every remedy pasted, one after the other. */
function cured(situation: Situation): Situation {
  let after = situation;
  for (const finding of findings(situation)) {
    const command = finding.remedy.some((line) => line.startsWith('$ kubectl replace')) ? 'replace' : 'apply';
    const yaml = manifestOf(finding);
    if (yaml !== '') after = applied(after, yaml, command);
  }
  return after;
}

const cures: readonly [string, Situation][] = [
  ['a missing rule in a namespace', told(denied(pods, 'in the namespace "app"'))],
  [
    'a missing rule in two namespaces',
    told(denied(pods, 'in the namespace "app"'), denied(pods, 'in the namespace "ci"')),
  ],
  ['a missing rule at the cluster scope', told(denied(pods, 'at the cluster scope'))],
  ['a missing rule for a path', told('forbidden: User "system:serviceaccount:app:web" cannot get path "/metrics"')],
  [
    'a missing rule for a subresource',
    told(denied('update resource "deployments/scale" in API group "apps"', 'in the namespace "app"')),
  ],
  [
    'a missing rule of a user with a strange name',
    told(denied(pods, 'in the namespace "app"', 'x\nEOF\n- \'y\': "*" #')),
  ],
  [
    'a missing rule where the name for the role is taken',
    {
      ...told(denied(pods, 'in the namespace "app"')),
      roles: [role('app/web-extra', ['get nodes'])],
      bindings: [binding('app/web-extra', 'Role web-extra', ['user jane'])],
    },
  ],
  [
    'escalation',
    told(
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "system:serviceaccount:app:web" (groups=[]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], ResourceNames:["a" "b"], Verbs:["get" "list"]}\n{NonResourceURLs:["/x*"], Verbs:["get"]}',
    ),
  ],
  [
    'a missing role whose content is known from denials',
    { ...told(denied(pods, 'in the namespace "app"')), bindings: [binding('app/b', 'Role r', ['sa web'])] },
  ],
  [
    'a binding that names the wrong kind of role',
    { ...running, roles: [role('r', ['get pods'])], bindings: [binding('app/b', 'Role r', ['sa web'])] },
  ],
  [
    'a binding that names a ClusterRole where a Role is meant',
    { ...running, roles: [role('app/r', ['get pods'])], bindings: [binding('app/b', 'ClusterRole r', ['sa web'])] },
  ],
  [
    'a binding that names a Role of another namespace',
    { ...running, roles: [role('lib/r', ['get pods'])], bindings: [binding('app/b', 'Role r', ['sa web'])] },
  ],
  [
    'a missing account',
    { ...running, roles: [role('r', [])], bindings: [binding('app/b', 'ClusterRole r', ['sa gone'])] },
  ],
  [
    'an account named in the wrong namespace',
    { ...running, roles: [role('r', [])], bindings: [binding('b', 'ClusterRole r', ['sa ci/web', 'user jane'])] },
  ],
  [
    'a missing namespace',
    { ...running, roles: [role('r', [])], bindings: [binding('b', 'ClusterRole r', ['sa void/x'])] },
  ],
  [
    'a missing namespace whose accounts are all named',
    {
      ...running,
      roles: [role('r', [])],
      bindings: [binding('b', 'ClusterRole r', ['group system:serviceaccounts:void'])],
    },
  ],
  [
    'an unbound role that would allow what was denied',
    { ...told(denied(pods, 'in the namespace "app"')), roles: [role('app/reader', ['get,list pods'])] },
  ],
  ['an unbound role of the same name', { ...running, roles: [role('app/web', ['get pods'])] }],
  ['an account that pods use', { ...running, accounts: [] }],
];

for (const [title, situation] of cures)
  test(`what the remedy applies cures: ${title}`, () => {
    const before = findings(situation);
    assert.ok(before.length > 0);
    assert.deepEqual(
      findings(cured(situation)).map(({ summary }) => summary),
      [],
    );
  });

test('the remedy creates what is new and overwrites nothing', () => {
  const denial = told(denied(pods, 'in the namespace "app"'));
  const name = /name: (web-extra-\w+)/.exec(manifestOf(findings(denial)[0]))?.[1] ?? '';
  assert.ok(name.length > 0);
  const taken = {
    ...denial,
    roles: [role(`app/${name}`, [])],
    bindings: [binding('app/b', `Role ${name}`, ['user jane'])],
  };
  assert.match(manifestOf(findings(taken)[0]), new RegExp(`name: ${name}-2$`, 'm'));
});

test('accounts of one name, and one account in many places, get objects of their own', () => {
  const ci = 'system:serviceaccount:ci:web';
  const situation = {
    ...told(
      denied(pods, 'at the cluster scope'),
      denied('get resource "nodes" in API group ""', 'in the namespace "app"'),
      denied('get resource "nodes" in API group ""', 'in the namespace "ci"'),
      denied('get resource "nodes" in API group ""', 'at the cluster scope', ci),
      denied('get resource "configmaps" in API group ""', 'in the namespace "app"', ci),
    ),
    accounts: ['app/web', 'ci/web'],
  };
  const names = findings(situation).map((finding) => /name: (web-extra-\w+)/.exec(manifestOf(finding))?.[1]);
  assert.equal(names.length, 4);
  assert.equal(new Set(names).size, 4);
});

test('what is denied in a namespace that does not exist brings the namespace along', () => {
  const situation = told(denied(pods, 'in the namespace "void"'));
  assert.match(manifestOf(findings(situation)[0]), /kind: Namespace\nmetadata:\n {2}name: void\n---/);
  assert.deepEqual(findings(applied(situation, manifestOf(findings(situation)[0]))), []);
});

test('what a deleted account was denied is of the past', () => {
  const situation = { ...told(denied(pods, 'in the namespace "app"')), accounts: ['app/default'], pods: [] };
  assert.deepEqual(findings(situation), []);
});

test('the proposed role is the least one: the name where the request has one, watch beside list', () => {
  const secret =
    'secrets "db" is forbidden: User "system:serviceaccount:app:web" cannot get resource "secrets" in API group "" in the namespace "app"';
  const yaml = manifestOf(findings(told(secret, denied(pods, 'in the namespace "app"')))[0]);
  const { rules } = parseAllDocuments(yaml).map((document) => document.toJS() as { rules?: unknown })[0] ?? {};
  assert.deepEqual(rules, [
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['db'], verbs: ['get'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
  ]);
});

test('a command can be pasted whole: no line of the objects ends the here-document', () => {
  const [finding] = findings(told(denied(pods, 'in the namespace "app"', 'x\nEOF\nrm -rf /')));
  const command = finding?.remedy.find((line) => line.startsWith('$ kubectl apply'));
  assert.deepEqual(command?.split('\n').filter((line) => line === 'EOF').length, 1);
  assert.match(finding?.remedy.find((line) => line.includes('can-i')) ?? '', /--as=\$'x\\x0aEOF\\x0arm -rf \/'$/);
  assert.deepEqual(
    finding?.remedy.filter((line) => line.startsWith('$ rm')),
    [],
  );
});

test('a role of Kubernetes itself is not made up', () => {
  const situation = { ...running, bindings: [binding('app/b', 'ClusterRole system:auth-delegator', ['sa web'])] };
  const [finding] = findings(situation);
  assert.match(finding?.remedy[0] ?? '', /creates again when it starts/);
  assert.equal(manifestOf(finding), '');
});

test('a missing role about which nothing is known is not made up either', () => {
  const [finding] = findings({ ...running, bindings: [binding('app/b', 'Role r', ['sa web'])] });
  assert.match(finding?.remedy.join('\n') ?? '', /cannot be told from here.*\$ kubectl delete rolebinding b -n app$/s);
});

const at = fc.constantFrom('app', 'ci');
const named = fc.constantFrom('web', 'r', 'job');
const rules = fc.uniqueArray(fc.constantFrom('get pods', 'list pods', 'get secrets#db', 'update deployments.apps'), {
  maxLength: 2,
});
const user = fc.constantFrom('app:web', 'ci:web', 'app:job').map((name) => `system:serviceaccount:${name}`);
const anyDenial = fc
  .tuple(
    user,
    fc.constantFrom('pods', 'secrets', 'nodes'),
    fc.constantFrom('get', 'list'),
    fc.constantFrom('in the namespace "app"', 'in the namespace "void"', 'at the cluster scope'),
  )
  .map(([who, resource, verb, where]) => denied(`${verb} resource "${resource}" in API group ""`, where, who));
const anySubject = fc.constantFrom(
  'sa app/web',
  'sa ci/web',
  'sa lib/job',
  'sa void/job',
  'user system:serviceaccount:ci:job',
  'group dev',
  'group system:serviceaccounts:void',
);
const anyBinding = fc.tuple(
  fc.constantFrom('a', 'b'),
  fc.constantFrom('Role', 'ClusterRole'),
  named,
  fc.uniqueArray(anySubject, { minLength: 1, maxLength: 3 }),
);
const anySituation: fc.Arbitrary<Situation> = fc.record({
  roles: fc
    .tuple(fc.array(fc.tuple(at, named, rules), { maxLength: 3 }), fc.array(fc.tuple(named, rules), { maxLength: 2 }))
    .map(([inside, everywhere]) => [
      ...new Map(inside.map(([home, name, texts]) => [`${home}/${name}`, role(`${home}/${name}`, texts)])).values(),
      ...new Map(everywhere.map(([name, texts]) => [name, role(name, texts)])).values(),
    ]),
  bindings: fc
    .tuple(fc.array(fc.tuple(at, anyBinding), { maxLength: 3 }), fc.array(anyBinding, { maxLength: 2 }))
    .map(([inside, everywhere]) => [
      ...new Map(
        inside.map(([home, [name, kind, to, who]]) => [
          `${home}/${name}`,
          binding(`${home}/${name}`, `${kind} ${to}`, who),
        ]),
      ).values(),
      ...new Map(everywhere.map(([name, , to, who]) => [name, binding(name, `ClusterRole ${to}`, who)])).values(),
    ]),
  accounts: fc.constantFrom(['app/web', 'app/job', 'ci/web'], ['app/web', 'ci/builder'], ['app/default', 'ci/job']),
  pods: fc.constantFrom([], [pod('app/p', 'web')], [pod('app/p', 'job'), pod('ci/p', 'web')]),
  events: fc.array(
    anyDenial.map((message) => event('Pod app/web-1', message)),
    { maxLength: 4 },
  ),
});

test('whatever is broken, pasting every remedy a few times leaves only what has nothing to paste', () => {
  fc.assert(
    fc.property(anySituation, (broken) => {
      const after = cured(cured(cured(cured(broken))));
      const left = findings(after).filter((finding) => manifestOf(finding) !== '');
      assert.deepEqual(
        left.map(({ summary }) => summary),
        [],
      );
    }),
    { numRuns: 50 },
  );
});
