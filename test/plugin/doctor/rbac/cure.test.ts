import assert from 'node:assert/strict';
import { test } from 'node:test';
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

/** The situation after somebody pasted the command: objects of the same kind and name are replaced. */
function applied(situation: Situation, yaml: string): Situation {
  const documents = parseAllDocuments(yaml).map((document): Json => {
    assert.deepEqual(document.errors, []);
    return document.toJS() as Json;
  });
  const path = (object: Json): string => {
    const { namespace, name } = object['metadata'] as { namespace?: string; name: string };
    return namespace === undefined ? name : `${namespace}/${name}`;
  };
  const ofKind = (...names: string[]): Json[] => documents.filter(({ kind }) => names.includes(String(kind)));
  const replaced = (old: readonly Json[] = [], fresh: readonly Json[]): Json[] => [
    ...old.filter((object) => !fresh.some((one) => path(one) === path(object))),
    ...fresh,
  ];
  return {
    ...situation,
    roles: replaced(situation.roles, ofKind('Role', 'ClusterRole')),
    bindings: replaced(situation.bindings, ofKind('RoleBinding', 'ClusterRoleBinding')),
    accounts: [...(situation.accounts ?? []), ...ofKind('ServiceAccount').map(path)],
    namespaces: [...(situation.namespaces ?? ['app', 'ci', 'lib']), ...ofKind('Namespace').map(path)],
  };
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
    const after = before.reduce((state, finding) => applied(state, manifestOf(finding)), situation);
    assert.deepEqual(
      findings(after).map(({ summary }) => summary),
      [],
    );
  });

test('the remedy creates what is new and overwrites nothing', () => {
  const taken = {
    ...told(denied(pods, 'in the namespace "app"')),
    roles: [role('app/web-extra', [])],
    bindings: [binding('app/b', 'Role web-extra', ['user jane'])],
  };
  assert.match(manifestOf(findings(taken)[0]), /name: web-extra-2/);
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
