import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decide } from '../../../shared/policy/decide.ts';
import { judge, type Change } from '../../../shared/policy/judge.ts';
import { namespaceNamed } from '../../../shared/policy/namespace.ts';
import { imagesOf, knownKinds, placementOf } from '../../../shared/policy/positions.ts';
import { applyPatch } from './apply-patch.ts';
import { modes, policyWith } from './policies.ts';
import { anyText } from '../../any-text.ts';

const policies = modes.map((mode) => policyWith({ mode }));
const enforce = policyWith();
const image = fc.oneof(
  fc.constantFrom('nginx', 'nginx:1.27', 'quay.io/a/b@sha256:' + 'a'.repeat(64), 'quay.io/own/x', 'evil.io/x:1'),
  fc.constantFrom('my-registry.local/x', 'Bad', '', 'index.docker.io/nginx', 'quay.io/special/one'),
  fc.string({ maxLength: 20 }),
);
const name = fc.constantFrom('a', 'b', 'c', '');
const extra = fc.dictionary(fc.constantFrom('new', 'resources', 'status'), fc.jsonValue({ maxDepth: 1 }), {
  maxKeys: 2,
});
const container = fc
  .tuple(fc.record({ name, image }, { requiredKeys: [] }), extra)
  .map(([own, more]) => ({ ...more, ...own }));
const containers = fc.array(container, { maxLength: 3 });
const volume = fc.oneof(fc.record({ name, image: fc.record({ reference: image }) }), extra);
const spec = fc.record(
  {
    containers,
    initContainers: containers,
    ephemeralContainers: containers,
    volumes: fc.array(volume, { maxLength: 2 }),
    imagePullSecrets: fc.array(fc.record({ name: fc.constantFrom('internal-registry', 'own') }), { maxLength: 2 }),
    nodeName: fc.string(),
  },
  { requiredKeys: [] },
);
const annotations = fc.dictionary(fc.constantFrom('a', 'airgap.dev/original-images'), fc.string(), { maxKeys: 2 });
const pod = fc
  .record({ metadata: fc.record({ name, annotations }, { requiredKeys: ['name'] }), spec })
  .map((object) => JSON.parse(JSON.stringify(object)) as object);
const policy = fc.constantFrom(...policies);
const operation = fc.constantFrom('CREATE', 'UPDATE');

const base = { group: '', kind: 'Pod', subResource: '', namespace: namespaceNamed('team') };

/** The object with every image string and everything that a patch may add taken out. */
function rest(object: object, added: boolean): unknown {
  const copy = structuredClone(object) as {
    metadata: { annotations?: Record<string, string> };
    spec: Record<string, unknown>;
  };
  const placement = placementOf('', 'Pod');
  assert.ok(placement !== null);
  for (const { path } of imagesOf(copy, placement)) {
    const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy);
    (parent as Record<string, unknown>)[String(path.at(-1))] = '';
  }
  if (!added) return copy;
  delete copy.metadata.annotations?.['airgap.dev/original-images'];
  if (Object.keys(copy.metadata.annotations ?? {}).length === 0) delete copy.metadata.annotations;
  delete copy.spec['imagePullSecrets'];
  return copy;
}

/** A reader of images that shares nothing with the one under test. */
function imagesByHand(object: unknown): string[] {
  const found: string[] = [];
  JSON.stringify((object as { spec: object }).spec, function (this: unknown, key, value: unknown) {
    if (['new', 'resources', 'status'].includes(key)) return undefined;
    if ((key === 'image' || key === 'reference') && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

/** `containers/a=nginx`, where what has no name goes by its number; by another way than the reader under test. */
function placesByHand(object: unknown): string[] {
  const lists = (object as { spec: Record<string, { name?: string; image?: unknown }[] | undefined> }).spec;
  return ['containers', 'initContainers', 'ephemeralContainers', 'volumes'].flatMap((list) =>
    (lists[list] ?? []).flatMap(({ name: own, image: held }, index) => {
      const written = list === 'volumes' ? (held as { reference?: unknown } | undefined)?.reference : held;
      return typeof written === 'string' ? [`${list}/${own === undefined || own === '' ? index : own}=${written}`] : [];
    }),
  );
}

test('mutating twice equals once, only images change, and allowed images do not', () => {
  fc.assert(
    fc.property(policy, pod, pod, operation, (rules, object, oldObject, kind) => {
      const change: Change = { ...base, operation: kind, object, oldObject };
      const { patch, images } = judge(rules, change, 'mutate');
      const once = applyPatch(object, patch) as object;
      assert.deepEqual(judge(rules, { ...change, object: once }, 'mutate').patch, []);
      assert.deepEqual(rest(once, true), rest(object, true));
      if (patch.length === 0) assert.deepEqual(once, object);
      for (const { position, decision } of images)
        if (decision.action === 'allow') assert.ok(patch.every(({ path }) => path !== `/${position.path.join('/')}`));
    }),
    { numRuns: 500 },
  );
});

test('the patched object is accepted, unless it holds what no rule covers', () => {
  fc.assert(
    fc.property(policy, pod, (rules, object) => {
      const change: Change = { ...base, operation: 'CREATE', object, oldObject: null };
      const mutated = judge(rules, change, 'mutate');
      const after = applyPatch(object, mutated.patch);
      const uncovered = mutated.images.some(({ decision }) => ['reject', 'invalid'].includes(decision.action));
      const { rejection } = judge(rules, { ...change, object: after }, 'validate');
      assert.equal(rejection !== null, uncovered && rules.mode === 'Enforce');
      if (rejection === null && rules.mode === 'Enforce')
        for (const left of imagesByHand(after))
          assert.match(left, /^(my-registry\.local|quay\.io\/own|other\.local:5000\/one)([/:@]|$)/);
    }),
    { numRuns: 500 },
  );
});

test('an update lets no image in that was not there before, in the same place, and is not allowed', () => {
  const allowed = /^(my-registry\.local|quay\.io\/own|other\.local:5000\/one)([/:@]|$)/;
  const subResource = fc.constantFrom('', 'ephemeralcontainers');
  // Much of an update is as it was.
  const update = fc
    .tuple(pod, pod, fc.subarray(['containers', 'initContainers', 'volumes']))
    .map(([made, old, same]) => {
      const [from, to] = [old, structuredClone(made)] as unknown as { spec: Record<string, unknown> }[];
      for (const list of same)
        if (from !== undefined && to !== undefined && list in from.spec) to.spec[list] = from.spec[list];
      return { object: to as object, oldObject: old };
    });
  fc.assert(
    fc.property(update, subResource, fc.boolean(), ({ object, oldObject }, sub, mutated) => {
      const change: Change = { ...base, subResource: sub, operation: 'UPDATE', object, oldObject };
      const after = mutated ? applyPatch(object, judge(enforce, change, 'mutate').patch) : object;
      const { rejection } = judge(enforce, { ...change, object: after }, 'validate');
      const before = new Set(placesByHand(oldObject));
      const entered = placesByHand(after).filter((place) => !before.has(place));
      assert.equal(
        rejection !== null,
        entered.some((place) => !allowed.test(place.slice(place.indexOf('=') + 1))),
      );
    }),
    { numRuns: 300 },
  );
});

test('arbitrary JSON in any kind never throws', () => {
  const value = fc.jsonValue({ maxDepth: 6 });
  const known = fc.constantFrom(...knownKinds, { group: '', kind: '' });
  fc.assert(
    fc.property(
      policy,
      known,
      value,
      value,
      fc.constantFrom('mutate', 'validate'),
      (rules, kind, object, oldObject, phase) => {
        const parts = { group: kind.group, kind: kind.kind, operation: 'UPDATE', oldObject };
        for (const candidate of [
          object,
          { spec: object },
          { spec: { template: { spec: object } } },
          { metadata: object },
        ])
          judge(rules, { ...base, ...parts, object: candidate }, phase);
      },
    ),
  );
});

test('any string gets a decision', () => {
  fc.assert(
    fc.property(policy, anyText(), (rules, written) => {
      const decision = decide(rules, written);
      assert.equal(decision.image, written);
      assert.ok(decision.reason.length > 0);
    }),
  );
});
