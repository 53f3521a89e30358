import fc from 'fast-check';
import type { Request } from '../../../shared/rbac/request.ts';
import type { Manifest } from '../api.ts';

export const namespaces = ['alpha', 'beta'] as const;
const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

const some = (...values: string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

const resourceRule = fc.record({
  verbs: some('get', 'list', 'watch', 'create', 'update', 'delete', '*'),
  apiGroups: some('', 'apps', 'apps', 'batch', '*'),
  resources: some(
    'pods',
    'pods/log',
    'pods/*',
    'secrets',
    'deployments',
    'deployments/scale',
    '*/scale',
    '*/status',
    '*',
  ),
  resourceNames: fc.oneof(
    { weight: 3, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: some('a', 'b', 'web') },
  ),
});
const pathRule = fc.record({
  verbs: some('get', 'head', '*'),
  nonResourceURLs: some('/metrics', '/healthz/*', '/healthz', '/a*', '/debug/*/x', '*'),
});

const roleNames = ['r0', 'r1', 'r2', 'r3', 'r4'] as const;
const labelled = { 'test.example.com/part': 'yes' };

/** Roles r0 to r3 of each namespace and of the cluster; r4 is never made, so that bindings to it dangle. */
const roles: fc.Arbitrary<Manifest[]> = fc
  .tuple(
    fc.array(fc.array(resourceRule, { minLength: 1, maxLength: 3 }), { minLength: 8, maxLength: 8 }),
    fc.array(fc.array(fc.oneof(resourceRule, pathRule), { minLength: 1, maxLength: 3 }), {
      minLength: 4,
      maxLength: 4,
    }),
  )
  .map(([namespaced, everywhere]) => [
    ...namespaced.map((rules, index): Manifest => {
      const namespace = namespaces[index % 2] ?? '';
      return { apiVersion, kind: 'Role', metadata: { name: roleNames[index >> 1] ?? '', namespace }, rules };
    }),
    ...everywhere.map((rules, index): Manifest => {
      const metadata = { name: `test-${roleNames[index]}`, labels: index % 2 === 0 ? labelled : {} };
      return { apiVersion, kind: 'ClusterRole', metadata, rules };
    }),
    aggregated('test-whole', { matchLabels: labelled }),
    aggregated('test-rest', {
      matchExpressions: [
        { key: 'test.example.com/part', operator: 'NotIn', values: ['yes'] },
        { key: 'kubernetes.io/bootstrapping', operator: 'DoesNotExist' },
      ],
    }),
  ]);

function aggregated(name: string, selector: object): Manifest {
  const metadata = { name, labels: { 'test.example.com/whole': name } };
  return { apiVersion, kind: 'ClusterRole', metadata, aggregationRule: { clusterRoleSelectors: [selector] } };
}

const subject = fc.oneof(
  fc.record({
    kind: fc.constant('ServiceAccount'),
    name: fc.constantFrom('web', 'job'),
    namespace: fc.constantFrom(...namespaces),
  }),
  fc
    .constantFrom('jane', 'system:serviceaccount:alpha:web', 'system:anonymous')
    .map((name) => ({ kind: 'User', name, apiGroup })),
  fc
    .constantFrom('dev', 'system:serviceaccounts:beta', 'system:serviceaccounts', 'system:unauthenticated')
    .map((name) => ({ kind: 'Group', name, apiGroup })),
);
const subjects = fc.array(subject, { minLength: 1, maxLength: 2 });
const clusterRole = fc
  .constantFrom('test-r0', 'test-r1', 'test-r2', 'test-r3', 'test-r4', 'test-whole', 'test-rest', 'view')
  .map((name) => ({ kind: 'ClusterRole', name, apiGroup }));
const ownRole = fc.constantFrom(...roleNames).map((name) => ({ kind: 'Role', name, apiGroup }));

const dangling = {
  roleRef: { kind: 'Role', name: 'r4', apiGroup },
  subjects: [{ kind: 'Group', name: 'system:serviceaccounts', apiGroup }],
};

const bindings: fc.Arbitrary<Manifest[]> = fc
  .tuple(
    fc.array(fc.tuple(fc.oneof(ownRole, clusterRole), subjects), { minLength: 10, maxLength: 10 }),
    fc.array(fc.tuple(clusterRole, subjects), { minLength: 4, maxLength: 4 }),
  )
  .map(([namespaced, everywhere]) => [
    ...namespaced.map(([roleRef, who], index): Manifest => {
      const metadata = { name: `b${index}`, namespace: namespaces[index % 2] ?? '' };
      // One of them dangles in every round, and applies to many.
      if (index === 0) return { apiVersion, kind: 'RoleBinding', metadata, ...dangling };
      return { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects: who };
    }),
    ...everywhere.map(([roleRef, who], index): Manifest => ({
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: `test-b${index}` },
      roleRef,
      subjects: who,
    })),
  ]);

const request: fc.Arbitrary<Request> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      verb: fc.constantFrom('get', 'list', 'create', 'update', 'delete', 'deletecollection'),
      group: fc.constantFrom('', '', 'apps', 'batch'),
      resource: fc.constantFrom('pods', 'secrets', 'deployments', 'jobs'),
      subresource: fc.constantFrom('', '', 'log', 'scale', 'status'),
      name: fc.constantFrom('', 'a', 'b', 'web'),
      namespace: fc.constantFrom('alpha', 'beta', ''),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constantFrom('get', 'head', 'post'),
      path: fc.constantFrom('/metrics', '/healthz', '/healthz/etcd', '/a', '/abc/d', '/debug/y/x', '/version'),
    }),
  },
);

const asker = fc.constantFrom(
  { user: 'system:serviceaccount:alpha:web', groups: [] },
  { user: 'system:serviceaccount:alpha:job', groups: [] },
  { user: 'system:serviceaccount:beta:web', groups: [] },
  { user: 'jane', groups: [] },
  { user: 'jim', groups: ['dev'] },
  { user: 'root', groups: ['system:masters'] },
  { user: 'system:anonymous', groups: [] },
  { user: 'system:kube-scheduler', groups: [] },
  { user: 'system:serviceaccount:kube-system:deployment-controller', groups: [] },
);

export interface Question {
  readonly user: string;
  readonly groups: readonly string[];
  readonly request: Request;
}

/** Some objects, and questions about them; the same for the same seed. */
export function generate(seed: number, count: number): { objects: Manifest[]; questions: Question[] } {
  const [objects = []] = fc.sample(
    fc.tuple(roles, bindings).map(([made, bound]) => [...made, ...bound]),
    { seed, numRuns: 1 },
  );
  const questions = fc.sample(
    fc.tuple(asker, request).map(([who, asked]) => ({ ...who, request: asked })),
    { seed, numRuns: count },
  );
  return { objects, questions };
}
