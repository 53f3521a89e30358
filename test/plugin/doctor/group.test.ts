import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { group, type Severe } from '../../../plugin/doctor/group.ts';

const arbitrary: fc.Arbitrary<Severe> = fc.record({
  cause: fc.constantFrom('image-not-found', 'dns-timeout', 'tls-expired'),
  confidence: fc.constantFrom('certain', 'likely'),
  severity: fc.constantFrom('error', 'warning'),
  image: fc.constantFrom('a:1', 'b:1'),
  facts: fc.constantFrom({}, { node: 'n1' }),
  evidence: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
  objects: fc.array(
    fc.record({ kind: fc.constant('Pod'), namespace: fc.constantFrom('n', 'm'), name: fc.constantFrom('p', 'q') }),
    { minLength: 1, maxLength: 3 },
  ),
}) as fc.Arbitrary<Severe>;

const objectsOf = (findings: readonly Severe[]): Set<string> =>
  new Set(findings.flatMap((f) => f.objects.map((o) => JSON.stringify([f.cause, f.image, o.namespace, o.name]))));

test('grouping loses no object, repeats none, and does not depend on the order', () => {
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 30 }), (findings) => {
      const groups = group(findings);
      assert.deepEqual(objectsOf(groups), objectsOf(findings));
      for (const { objects } of groups)
        assert.equal(new Set(objects.map((object) => `${object.namespace}/${object.name}`)).size, objects.length);
      const names = (of: readonly Severe[]) => of.map((f) => [f.cause, f.severity, f.confidence, f.image, f.objects]);
      const shape = (of: readonly Severe[]) =>
        names(of)
          .map((entry) => JSON.stringify(entry))
          .toSorted();
      assert.deepEqual(shape(group(findings.toReversed())), shape(groups));
    }),
  );
});

test('errors come before warnings, and the fault with the most objects first', () => {
  const base = { confidence: 'certain', facts: {}, evidence: [] } as const;
  const object = (name: string) => ({ kind: 'Pod', namespace: 'n', name });
  const groups = group([
    { ...base, cause: 'dns-timeout', severity: 'warning', objects: [object('a'), object('b'), object('c')] },
    { ...base, cause: 'tls-expired', severity: 'error', objects: [object('a')] },
    { ...base, cause: 'image-not-found', severity: 'error', objects: [object('a')] },
    { ...base, cause: 'image-not-found', severity: 'error', objects: [object('b')] },
  ]);
  assert.deepEqual(
    groups.map((f) => [f.cause, f.objects.length]),
    [
      ['image-not-found', 2],
      ['tls-expired', 1],
      ['dns-timeout', 3],
    ],
  );
});
