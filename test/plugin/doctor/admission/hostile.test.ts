import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KindName } from '../../../../plugin/cluster/snapshot.ts';
import { causes } from '../../../../plugin/doctor/causes/index.ts';
import { admissionChecks } from '../../../../plugin/doctor/checks/admission.ts';
import { judge } from '../../../../plugin/doctor/judge.ts';
import { now } from '../certs/examine.ts';
import { collected } from '../snapshot.ts';
import { inForce } from './world.ts';

const texts = fc.constantFrom(
  '',
  '*',
  '*/*',
  'pods',
  'pods/*',
  'kube-system',
  'Ignore',
  'Fail',
  'None',
  '__proto__',
  'x y',
  'a/b:c@d',
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    texts,
    fc.constantFrom(null, true, -1, 0, 443, Number.NaN, []),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 2 }),
  ),
}));
const meta = fc.record(
  {
    name: texts,
    namespace: texts,
    creationTimestamp: fc.oneof(texts, fc.constant('2026-03-01T00:00:00Z')),
    labels: fc.oneof(value, fc.dictionary(texts, texts)),
    ownerReferences: fc.oneof(
      value,
      fc.array(fc.record({ kind: fc.constantFrom('ReplicaSet', 'Job', ''), name: texts })),
    ),
  },
  { requiredKeys: [] },
);
const container = fc.oneof(value, fc.record({ name: texts, image: fc.oneof(texts, value) }, { requiredKeys: [] }));
const podSpec = fc.record(
  { containers: fc.oneof(value, fc.array(container)), volumes: value, initContainers: value },
  { requiredKeys: [] },
);
const template = fc.record({ metadata: fc.oneof(value, meta), spec: fc.oneof(value, podSpec) }, { requiredKeys: [] });
const rule = fc.record(
  {
    apiGroups: value,
    apiVersions: value,
    operations: value,
    scope: value,
    resources: fc.oneof(value, fc.array(texts)),
  },
  { requiredKeys: [] },
);
const webhook = fc.record(
  {
    name: fc.oneof(texts, fc.constantFrom('mutate.airgap.dev', 'validate.airgap.dev')),
    failurePolicy: value,
    timeoutSeconds: fc.oneof(value, fc.constant(30)),
    namespaceSelector: value,
    objectSelector: value,
    matchConditions: value,
    rules: fc.oneof(value, fc.array(rule)),
    clientConfig: fc.oneof(value, fc.record({ service: fc.oneof(value, meta), url: texts, caBundle: texts })),
  },
  { requiredKeys: [] },
);
const object = fc.record(
  {
    metadata: fc.oneof(value, meta),
    spec: fc.oneof(
      value,
      podSpec,
      fc.record({ template }),
      fc.record({ jobTemplate: fc.record({ spec: fc.record({ template }) }) }),
    ),
    template,
    status: value,
    webhooks: fc.oneof(value, fc.array(webhook)),
  },
  { requiredKeys: [] },
);

test('no object of any shape makes a check of admission throw, or a text that is not text', () => {
  const names = [...new Set(admissionChecks.flatMap(({ needs, wants = [] }) => [...needs, ...wants]))];
  const raws = fc.dictionary(fc.constantFrom<KindName>(...names), fc.array(object, { maxLength: 3 }));
  fc.assert(
    fc.property(raws, fc.boolean(), (found, withPolicy) => {
      const snapshot = collected({ ...found, ...(withPolicy ? inForce : {}) });
      const { categories } = judge('test', admissionChecks, causes, snapshot, { now });
      for (const check of categories.flatMap(({ checks }) => checks)) {
        assert.doesNotMatch(check.reason ?? '', /this check failed/, check.id);
        for (const { summary, remedy } of check.findings)
          assert.doesNotMatch([summary, ...remedy].join('\n'), /undefined|NaN|\[object/);
      }
    }),
    { numRuns: 200 },
  );
});
