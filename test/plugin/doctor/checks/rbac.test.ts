import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binding, role } from '../../../shared/rbac/objects.ts';
import { event, examine, lines, pod, type Situation } from '../rbac/situation.ts';

const web = 'User "system:serviceaccount:app:web"';
const denied = (what: string, where = 'in the namespace "app"', who = web): string =>
  `x is forbidden: ${who} cannot ${what.split(' ')[0]} resource "${what.split(' ')[1]}" in API group "" ${where}`;
const running = { accounts: ['app/web', 'app/default'], pods: [pod('app/web-1', 'web')] };
const told = (...messages: string[]): Situation => ({
  ...running,
  events: messages.map((m) => event('Pod app/web-1', m)),
});
const forbidden = { why: 'forbidden', reason: 'may not list roles' } as const;

type Case = readonly [title: string, situation: Situation, ...expected: string[]];

const bindingsWithoutRoles: readonly Case[] = [
  ['a good pair', { roles: [role('app/r', ['get pods'])], bindings: [binding('app/b', 'Role r', ['sa web'])] }],
  [
    'a missing Role',
    { bindings: [binding('app/b', 'Role r', ['sa web'])] },
    'warning rbac-role-missing certain: RoleBinding app/b grants nothing: Role app/r does not exist',
  ],
  [
    'a missing Role of an account that pods use',
    { ...running, bindings: [binding('app/b', 'Role r', ['sa web'])] },
    'error rbac-role-missing certain: RoleBinding app/b grants nothing: Role app/r does not exist',
  ],
  [
    'one missing ClusterRole, three bindings',
    {
      bindings: [
        binding('app/a', 'ClusterRole r', []),
        binding('ci/a', 'ClusterRole r', []),
        binding('a', 'ClusterRole r', []),
      ],
    },
    'warning rbac-role-missing certain: ClusterRoleBinding a and 2 more grant nothing: ClusterRole r does not exist',
  ],
  [
    'the same Role missing in two namespaces',
    { bindings: [binding('app/a', 'Role r', []), binding('ci/a', 'Role r', [])] },
    'warning rbac-role-missing certain: RoleBinding app/a grants nothing: Role app/r does not exist',
    'warning rbac-role-missing certain: RoleBinding ci/a grants nothing: Role ci/r does not exist',
  ],
  [
    'a list of roles that broke off proves nothing',
    {
      bindings: [binding('app/b', 'Role r', [])],
      roles: [role('app/x', [])],
      gaps: { roles: { why: 'failed', reason: 'timeout' } },
    },
  ],
];

const subjects: readonly Case[] = [
  ['an account that is there', { ...running, bindings: [binding('app/b', 'Role r', ['sa web'])] }],
  [
    'an account that is not',
    { ...running, bindings: [binding('app/b', 'Role r', ['sa gone'])] },
    'warning rbac-subject-missing certain: ServiceAccount app/gone does not exist, but is granted rights by RoleBinding app/b',
  ],
  [
    'an account by its user name',
    { ...running, bindings: [binding('app/b', 'Role r', ['user system:serviceaccount:app:gone'])] },
    'warning rbac-subject-missing certain: ServiceAccount app/gone does not exist, but is granted rights by RoleBinding app/b',
  ],
  [
    'a namespace that is not',
    { ...running, bindings: [binding('b', 'ClusterRole r', ['sa void/x'])] },
    'warning rbac-namespace-missing certain: namespace void does not exist, but ClusterRoleBinding b grants rights to ServiceAccount void/x',
  ],
  [
    'all accounts of a namespace that is not',
    { ...running, bindings: [binding('b', 'ClusterRole r', ['group system:serviceaccounts:void'])] },
    'warning rbac-namespace-missing certain: namespace void does not exist, but ClusterRoleBinding b grants rights to the service accounts of namespace void',
  ],
  [
    'users and other groups cannot be looked up',
    {
      ...running,
      bindings: [binding('b', 'ClusterRole r', ['user jane', 'group dev', 'group system:serviceaccounts'])],
    },
  ],
  [
    "Kubernetes' own bindings",
    {
      ...running,
      bindings: [
        binding('b', 'ClusterRole r', ['sa kube-system/kube-dns'], { 'kubernetes.io/bootstrapping': 'rbac-defaults' }),
      ],
    },
  ],
];

const unbound: readonly Case[] = [
  ['an account that needs nothing', running],
  [
    'the default account',
    { accounts: ['app/default'], pods: [pod('app/p', 'default')], roles: [role('app/default', ['get pods'])] },
  ],
  [
    'a role of its name',
    { ...running, roles: [role('app/web', ['get pods'])] },
    'warning rbac-binding-missing likely: Role app/web is bound to nobody, and ServiceAccount app/web lacks what it grants in namespace app',
  ],
  [
    'a role whose name begins with its name',
    { ...running, roles: [role('app/web-reader', ['get pods'])] },
    'warning rbac-binding-missing likely: Role app/web-reader is bound to nobody, and ServiceAccount app/web lacks what it grants in namespace app',
  ],
  ['a role of another name', { ...running, roles: [role('app/other', ['get pods'])] }],
  ['a role of its name elsewhere', { ...running, roles: [role('ci/web', ['get pods'])] }],
  [
    'a cluster role of its name',
    { ...running, roles: [role('app-web', ['get pods'])] },
    'warning rbac-binding-missing guess: ClusterRole app-web is bound to nobody, and ServiceAccount app/web lacks what it grants in the whole cluster',
  ],
  ['a cluster role for people', { ...running, roles: [role('web-viewer', ['get pods'])] }],
  [
    'a building block of an aggregated role',
    { ...running, roles: [role('web', ['get pods'], { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' })] },
  ],
  [
    'an account that is bound to another role',
    {
      ...running,
      roles: [role('app/web', ['get pods']), role('app/r', [])],
      bindings: [binding('app/b', 'Role r', ['sa web'])],
    },
  ],
  [
    'an account that is bound with all of its namespace',
    {
      ...running,
      roles: [role('app/web', []), role('r', [])],
      bindings: [binding('b', 'ClusterRole r', ['group system:serviceaccounts:app'])],
    },
  ],
  ['an account that no pod uses', { accounts: ['app/web'], roles: [role('app/web', ['get pods'])] }],
  [
    'an account that only finished pods used',
    {
      accounts: ['app/web'],
      pods: [pod('app/p', 'web', { phase: 'Succeeded' })],
      roles: [role('app/web', ['get pods'])],
    },
  ],
  [
    'denied, and an unbound role would allow it',
    { ...told(denied('list pods')), roles: [role('app/reader', ['get,list pods'])] },
    'error rbac-binding-missing certain: Role app/reader is bound to nobody, and ServiceAccount app/web lacks what it grants in namespace app',
  ],
  [
    'denied, and the unbound role allows everything',
    { ...told(denied('list pods')), roles: [role('app/super', ['* pods'])] },
  ],
  [
    'denied, and the role is bound to somebody else',
    {
      ...told(denied('list pods')),
      roles: [role('app/reader', ['list pods'])],
      bindings: [binding('app/b', 'Role reader', ['user jane'])],
    },
  ],
];

const denials: readonly Case[] = [
  ['nothing told', running],
  [
    'a denial',
    told(denied('list pods')),
    'error rbac-missing-rule certain: ServiceAccount app/web may not list pods in namespace app: no role that is bound to it says so',
  ],
  [
    'cured since',
    {
      ...told(denied('list pods')),
      roles: [role('app/r', ['list pods'])],
      bindings: [binding('app/b', 'Role r', ['sa web'])],
    },
  ],
  [
    'cured since for all accounts of the namespace',
    {
      ...told(denied('list pods')),
      roles: [role('r', ['list pods'])],
      bindings: [binding('b', 'ClusterRole r', ['group system:serviceaccounts:app'])],
    },
  ],
  [
    'cured in the namespace, but asked for the whole cluster',
    {
      ...told(denied('list pods', 'at the cluster scope')),
      roles: [role('app/r', ['list pods'])],
      bindings: [binding('app/b', 'Role r', ['sa web'])],
    },
    'error rbac-missing-rule certain: ServiceAccount app/web may not list pods in the whole cluster: no role that is bound to it says so',
  ],
  [
    'two denials of one account',
    told(denied('list pods'), denied('get configmaps')),
    'error rbac-missing-rule certain: ServiceAccount app/web may not list pods; get configmaps in namespace app: no role that is bound to it says so',
  ],
  [
    'the same in two namespaces',
    told(denied('list pods'), denied('list pods', 'in the namespace "ci"')),
    'error rbac-missing-rule certain: ServiceAccount app/web may not list pods in 2 namespaces: no role that is bound to it says so',
  ],
  [
    'a user, whose groups nobody knows',
    told(denied('list pods', 'in the namespace "app"', 'User "jane"')),
    'error rbac-missing-rule likely: User jane may not list pods in namespace app: no role that is bound to it says so',
  ],
  [
    'a member of the group that is bound is not known',
    {
      ...told(denied('list pods', 'in the namespace "app"', 'User "jane"')),
      roles: [role('r', ['list pods'])],
      bindings: [binding('b', 'ClusterRole r', ['group dev'])],
    },
    'error rbac-missing-rule likely: User jane may not list pods in namespace app: no role that is bound to it says so',
  ],
  [
    'roles that could not be read',
    { ...told(denied('list pods')), gaps: { roles: forbidden } },
    'error rbac-missing-rule likely: ServiceAccount app/web may not list pods in namespace app: no role that is bound to it says so',
  ],
  [
    'a missing role is told elsewhere',
    { ...told(denied('list pods')), bindings: [binding('app/b', 'Role r', ['sa web'])] },
  ],
  [
    'a missing role of everybody explains nothing',
    { ...told(denied('list pods')), bindings: [binding('b', 'ClusterRole r', ['group system:authenticated'])] },
    'error rbac-missing-rule certain: ServiceAccount app/web may not list pods in namespace app: no role that is bound to it says so',
  ],
  [
    'a node, which another authorizer judges',
    told(denied('list pods', 'in the namespace "app"', 'User "system:node:n1"')),
  ],
  [
    'somebody anonymous',
    told('forbidden: User "system:anonymous" cannot get path "/metrics"'),
    'error rbac-anonymous certain: somebody without accepted credentials was not allowed to get /metrics',
  ],
  [
    'in a condition',
    {
      accounts: ['app/web'],
      pods: [
        pod('app/p', 'web', {
          conditions: [{ type: 'Ready', status: 'False', reason: 'x', message: denied('list pods') }],
        }),
      ],
    },
    'error rbac-missing-rule certain: ServiceAccount app/web may not list pods in namespace app: no role that is bound to it says so',
  ],
  [
    'escalation',
    told(
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "system:serviceaccount:app:web" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
    ),
    'error rbac-escalation certain: ServiceAccount app/web may not write roles r, because it grants what ServiceAccount app/web does not hold: get, list pods',
  ],
  [
    'escalation of what is held by now',
    {
      ...told(
        'roles.rbac.authorization.k8s.io "r" is forbidden: user "system:serviceaccount:app:web" (groups=[]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
      ),
      roles: [role('app/r', ['get,list pods'])],
      bindings: [binding('app/b', 'Role r', ['sa web'])],
    },
  ],
  [
    'escalation by who may escalate',
    {
      ...told(
        'roles.rbac.authorization.k8s.io "r" is forbidden: user "system:serviceaccount:app:web" (groups=[]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
      ),
      roles: [role('app/r', ['escalate roles.rbac.authorization.k8s.io'])],
      bindings: [binding('app/b', 'Role r', ['sa web'])],
    },
  ],
];

const podAccounts: readonly Case[] = [
  ['all there', running],
  [
    'an account of a running pod was deleted',
    { accounts: ['app/default'], pods: [pod('app/p', 'web')] },
    'error rbac-subject-missing certain: ServiceAccount app/web does not exist, but pods are to run under it',
  ],
  [
    'a workload names an account that is not there',
    {
      ...running,
      events: [
        event(
          'ReplicaSet app/w',
          'pods "w-" is forbidden: error looking up service account app/gone: serviceaccount "gone" not found',
        ),
      ],
    },
    'error rbac-subject-missing certain: ServiceAccount app/gone does not exist, but pods are to run under it',
  ],
  [
    'it was created since',
    {
      ...running,
      events: [
        event(
          'ReplicaSet app/w',
          'pods "w-" is forbidden: error looking up service account app/web: serviceaccount "web" not found',
        ),
      ],
    },
  ],
  [
    'static pods have none',
    {
      accounts: ['app/default'],
      pods: [
        {
          metadata: { namespace: 'app', name: 'p', annotations: { 'kubernetes.io/config.mirror': 'x' } },
          spec: {},
          status: {},
        },
      ],
    },
  ],
  [
    'a list that broke off proves nothing',
    { ...running, accounts: ['app/default'], gaps: { serviceaccounts: { why: 'failed', reason: 'x' } } },
  ],
];

for (const [id, cases] of [
  ['AG-RBC-001', bindingsWithoutRoles],
  ['AG-RBC-002', subjects],
  ['AG-RBC-003', unbound],
  ['AG-RBC-004', denials],
  ['AG-RBC-005', podAccounts],
] as const)
  for (const [title, situation, ...expected] of cases)
    test(`${id}: ${title}`, () => assert.deepEqual(lines(examine(id, situation)), expected));

test('what could not be read is unknown, never ok', () => {
  assert.equal(examine('AG-RBC-001', { gaps: { roles: forbidden } }).result, 'unknown');
  assert.equal(examine('AG-RBC-004', { gaps: { roles: forbidden } }).reason, 'may not list roles');
  assert.equal(examine('AG-RBC-004', { gaps: { events: { why: 'absent', reason: 'no events' } } }).result, 'skipped');
  assert.equal(examine('AG-RBC-005', running).result, 'ok');
});

test('with one namespace, accounts of others are not called missing', () => {
  const bindings = [binding('b', 'ClusterRole r', ['sa ci/builder', 'sa app/gone'])];
  const check = examine('AG-RBC-002', { ...running, bindings }, { namespace: 'app' });
  assert.deepEqual(lines(check), [
    'warning rbac-subject-missing certain: ServiceAccount app/gone does not exist, but is granted rights by ClusterRoleBinding b',
  ]);
});

test('each denial is told once, with the objects that tell of it', () => {
  const { findings } = examine('AG-RBC-004', {
    ...running,
    events: [event('Pod app/web-1', denied('list pods')), event('Pod app/web-2', denied('list pods'))],
  });
  assert.equal(findings.length, 1);
  assert.deepEqual(
    findings[0]?.objects.map(({ kind, name }) => `${kind} ${name}`),
    ['Pod web-1', 'Pod web-2', 'ServiceAccount web'],
  );
});

test('evidence says what the account has that comes close', () => {
  const roles = [role('app/r', ['get pods'])];
  const bindings = [binding('app/b', 'Role r', ['sa web'])];
  const here = examine('AG-RBC-004', { ...told(denied('list pods')), roles, bindings });
  assert.deepEqual(here.findings[0]?.evidence, [
    denied('list pods'),
    'Role app/r allows get pods: only the verb differs',
  ]);
  const everywhere = examine('AG-RBC-004', { ...told(denied('get pods', 'at the cluster scope')), roles, bindings });
  assert.equal(
    everywhere.findings[0]?.evidence[1],
    'it may get pods in namespace app, but asked for the whole cluster',
  );
});

const message = denied('list pods');
for (const [title, situation] of [
  [
    'a Deployment',
    { others: { deployments: [{ metadata: { namespace: 'app', name: 'x' }, status: { conditions: [{ message }] } }] } },
  ],
  [
    'a HorizontalPodAutoscaler',
    {
      others: {
        horizontalpodautoscalers: [
          { metadata: { namespace: 'app', name: 'x' }, status: { conditions: [{ message }] } },
        ],
      },
    },
  ],
  [
    'an Argo CD Application',
    {
      others: {
        applications: [{ metadata: { namespace: 'app', name: 'x' }, status: { operationState: { message } } }],
      },
    },
  ],
  [
    'a resource that Argo CD could not sync',
    {
      others: {
        applications: [
          {
            metadata: { namespace: 'app', name: 'x' },
            status: { operationState: { syncResult: { resources: [{ message }] } } },
          },
        ],
      },
    },
  ],
  [
    'a container that ended',
    { pods: [pod('app/x', 'web', { containerStatuses: [{ name: 'c', state: { terminated: { message } } }] })] },
  ],
  [
    'a container that ended and waits',
    { pods: [pod('app/x', 'web', { containerStatuses: [{ name: 'c', lastState: { terminated: { message } } }] })] },
  ],
] satisfies [string, Situation][])
  test(`AG-RBC-004: told by ${title}`, () => {
    const { findings } = examine('AG-RBC-004', { accounts: ['app/web'], ...situation });
    assert.deepEqual(
      findings.map(({ cause }) => cause),
      ['rbac-missing-rule'],
    );
    assert.ok(findings[0]?.objects.some(({ name }) => name === 'x'));
  });

test('kinds that the cluster does not serve cost nothing', () => {
  const absent = { why: 'absent', reason: 'not served' } as const;
  const check = examine('AG-RBC-004', { ...running, gaps: { kustomizations: absent, applications: absent } });
  assert.deepEqual([check.result, check.reason], ['ok', null]);
});
