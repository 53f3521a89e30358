import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../../shared/kube/json.ts';
import { readBinding, readRole, type Role } from '../../../shared/kube/rbac.ts';
import { aggregated } from '../../../shared/rbac/aggregate.ts';
import { may, policyOf, type Answer, type Policy } from '../../../shared/rbac/policy.ts';
import { who } from '../../../shared/rbac/who.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { generate, namespaces, type Question } from './generated.ts';

const group = '/apis/rbac.authorization.k8s.io/v1';
let cluster: ControlPlaneCluster;

before(async () => {
  cluster = await startControlPlane();
  await cluster.api.apply(...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
});
after(async () => cluster[Symbol.asyncDispose]());

async function list(plural: string): Promise<Json[]> {
  return (await cluster.api.get<{ items: Json[] }>(`${group}/${plural}`)).items;
}

async function policyOfCluster(): Promise<Policy> {
  const roles = [...(await list('clusterroles')), ...(await list('roles'))].map(readRole);
  const bindings = [...(await list('clusterrolebindings')), ...(await list('rolebindings'))].map(readBinding);
  return policyOf(roles, bindings);
}

/** What the API server's own authorizer answers: "yes", or "no" with the roles it misses. */
async function ask({ user, groups, request }: Question): Promise<string> {
  const attributes = 'path' in request ? { nonResourceAttributes: request } : { resourceAttributes: request };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups: who(user, groups).groups, ...attributes },
  };
  const answer = await cluster.api.raw('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', body);
  assert.equal(answer.status, 201, answer.text);
  const { status } = JSON.parse(answer.text) as { status: { allowed: boolean; reason?: string } };
  if (status.allowed) return 'yes';
  const missing = [...(status.reason ?? '').matchAll(/role\.rbac\.authorization\.k8s\.io "([^"]+)" not found/g)];
  return ['no', ...new Set(missing.map(([, name]) => name ?? ''))].toSorted().join(' ');
}

function ours(answer: Answer): string {
  if (answer.allowed) return 'yes';
  return ['no', ...new Set(answer.dangling.map(({ role }) => role.name))].toSorted().join(' ');
}

/** The authorizer hears of objects a moment later than they are stored: the last ones made tell when it has. */
async function settled(round: number): Promise<void> {
  const name = `test-last-${round}`;
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const subjects = [{ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }];
  const rules = [{ verbs: ['get'], apiGroups: ['example.com'], resources: ['settled'] }];
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await cluster.api.apply(
    { apiVersion, kind: 'ClusterRole', metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'no' } }, rules },
    { apiVersion, kind: 'RoleBinding', metadata: { name, namespace: 'beta' }, roleRef, subjects },
    { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects },
  );
  const request = { verb: 'get', group: 'example.com', resource: 'settled', subresource: '', name: '', namespace: '' };
  for (let tries = 0; (await ask({ user: name, groups: [], request })) !== 'yes'; tries++) {
    assert.ok(tries < 100, 'the authorizer never saw the last binding');
    await sleep(100);
  }
  await sleep(500);
}

/** The controller manager writes the rules of aggregated roles; waits until they are what they must be. */
async function aggregatedRoles(): Promise<Role[]> {
  for (let tries = 0; ; tries++) {
    const roles = (await list('clusterroles')).map(readRole);
    const expected = aggregated(roles.map((role) => (role.aggregates === undefined ? role : { ...role, rules: [] })));
    const differs = roles.filter((role) => {
      const rules = expected.find(({ meta }) => meta.name === role.meta.name)?.rules;
      return JSON.stringify(rules) !== JSON.stringify(role.rules);
    });
    if (differs.length === 0) return roles;
    assert.ok(
      tries < 50,
      `aggregated otherwise than the controller does: ${differs.map(({ meta }) => meta.name).join()}`,
    );
    await sleep(200);
  }
}

for (const [round, seed] of [11, 22, 33].entries())
  test(`300 questions about generated objects are answered as the API server answers them (seed ${seed})`, async () => {
    const { objects, questions } = generate(seed, 300);
    // A binding's role cannot be changed, so those of the round before must go.
    for (const path of ['clusterrolebindings', ...namespaces.map((name) => `namespaces/${name}/rolebindings`)])
      for (const { metadata } of (
        await cluster.api.get<{ items: { metadata: { name: string } }[] }>(`${group}/${path}`)
      ).items)
        if (/^(?:test-)?b\d/.test(metadata.name)) await cluster.api.delete(`${group}/${path}/${metadata.name}`);
    await cluster.api.apply(...objects);
    assert.ok((await aggregatedRoles()).some(({ meta, rules }) => meta.name === 'test-whole' && rules.length > 0));
    await settled(round);
    const policy = await policyOfCluster();
    const differences: string[] = [];
    const seen = new Map<string, number>();
    for (const question of questions) {
      const theirs = await ask(question);
      const mine = ours(may(policy, who(question.user, question.groups), question.request));
      const kind = theirs.split(' ').length > 1 ? 'no, dangling' : theirs;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (mine !== theirs) differences.push(`${JSON.stringify(question)}: API server ${theirs}, here ${mine}`);
    }
    assert.deepEqual(differences, []);
    for (const kind of ['yes', 'no', 'no, dangling'])
      assert.ok((seen.get(kind) ?? 0) > 15, `too few answers "${kind}"`);
  });
