import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { causes } from '../../../../plugin/doctor/causes/index.ts';
import { rbacChecks } from '../../../../plugin/doctor/checks/rbac.ts';
import { judge } from '../../../../plugin/doctor/judge.ts';
import type { Json } from '../../../../shared/kube/json.ts';
import { snapshotOf } from './situation.ts';

const odd = fc.oneof(fc.constantFrom(null, '', 7, 'x', [], {}, [null], ['x', 7]), fc.jsonValue({ maxDepth: 2 }));

/** An object whose fields exist, but may hold anything. */
const malformed = (fields: readonly string[]): fc.Arbitrary<Json> =>
  fc
    .record({
      metadata: fc.oneof(
        fc.record({ name: odd, namespace: odd, labels: odd, annotations: odd }, { requiredKeys: [] }),
        fc.constant({ name: 'a', namespace: 'b' }),
      ),
      ...Object.fromEntries(fields.map((field) => [field, odd])),
    })
    .map((object) => object as Json);

const subjects = fc.array(
  fc.record(
    { kind: fc.constantFrom('ServiceAccount', 'User', 'Group'), name: odd, namespace: odd },
    { requiredKeys: [] },
  ),
  { maxLength: 2 },
);

test('objects of the wrong shape cost no check and no report', () => {
  fc.assert(
    fc.property(
      fc.array(malformed(['rules', 'aggregationRule']), { maxLength: 3 }),
      fc.array(
        fc.tuple(malformed(['roleRef']), subjects).map(([object, who]) => ({ ...object, subjects: who })),
        { maxLength: 3 },
      ),
      fc.array(malformed(['spec', 'status']), { maxLength: 3 }),
      fc.array(malformed(['message', 'involvedObject', 'type']), { maxLength: 2 }),
      (roles, bindings, objects, events) => {
        const raw = {
          roles,
          clusterroles: roles,
          rolebindings: bindings,
          clusterrolebindings: bindings,
          serviceaccounts: objects,
          namespaces: objects,
          pods: objects,
          deployments: objects,
          events,
        };
        const report = judge('test', rbacChecks, causes, snapshotOf({ others: raw }), { now: new Date(0) });
        for (const { result, reason } of report.categories[0]?.checks ?? [])
          assert.notEqual(result, 'unknown', reason ?? '');
      },
    ),
    { numRuns: 200 },
  );
});
