import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import type { KindName } from '../../../plugin/cluster/snapshot.ts';
import type { Check } from '../../../plugin/doctor/check.ts';
import { checks } from '../../../plugin/doctor/checks/index.ts';
import { leastRole } from '../../../plugin/doctor/least-role.ts';
import type { Json } from '../../../shared/kube/json.ts';
import { readBinding, readRole } from '../../../shared/kube/rbac.ts';
import { may, policyOf } from '../../../shared/rbac/policy.ts';
import { who } from '../../../shared/rbac/who.ts';

const check = (needs: KindName[], wants: KindName[] = []): Check => ({
  id: 'AG-X-001',
  category: 'rbac',
  title: '',
  explanation: '',
  needs,
  wants,
  run: () => [],
});

/** May the user list this kind with exactly these objects applied? */
function canList(objects: readonly object[], user: string, kind: KindName, namespace = ''): boolean {
  const entry = kinds[kind];
  assert.ok(entry.from === 'resource');
  const all = objects as Json[];
  const policy = policyOf(
    all.filter((one) => 'rules' in one).map(readRole),
    all.filter((one) => 'roleRef' in one).map(readBinding),
  );
  const { group, plural } = entry.type;
  const request = { verb: 'list', group, resource: plural, subresource: '', name: '', namespace };
  return may(policy, who(user), request).allowed;
}

const user = 'system:serviceaccount:ops:doctor';

test('whoever has the printed role may list what the checks read, and nothing else', () => {
  const objects = leastRole([check(['pods'], ['clusterroles'])], undefined, user);
  const allowed = (Object.keys(kinds) as KindName[]).filter(
    (kind) => kinds[kind].from === 'resource' && canList(objects, user, kind),
  );
  assert.deepEqual(allowed.toSorted(), ['clusterroles', 'pods']);
});

test('with a namespace, what lives in namespaces is granted only there', () => {
  const objects = leastRole([check(['pods', 'nodes'])], 'app', user);
  assert.ok(canList(objects, user, 'pods', 'app'));
  assert.ok(!canList(objects, user, 'pods', 'other'));
  assert.ok(!canList(objects, user, 'pods'));
  assert.ok(canList(objects, user, 'nodes'));
});

test('every check that is there gets what it needs', () => {
  const objects = leastRole(checks, undefined, 'jane');
  for (const { id, needs, wants = [] } of checks)
    for (const kind of [...needs, ...wants])
      if (kinds[kind].from === 'resource') assert.ok(canList(objects, 'jane', kind), `${id}: ${kind}`);
});

test('without a user there is no binding; nothing in the role writes', () => {
  const objects = leastRole(checks) as { kind: string; rules: { verbs: string[] }[] }[];
  assert.deepEqual(
    objects.map(({ kind }) => kind),
    ['ClusterRole'],
  );
  assert.deepEqual([...new Set(objects.flatMap(({ rules }) => rules.flatMap(({ verbs }) => verbs)))].toSorted(), [
    'get',
    'list',
  ]);
});
