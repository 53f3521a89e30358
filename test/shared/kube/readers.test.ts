import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import { record } from '../../../shared/kube/json.ts';
import { readMeta } from '../../../shared/kube/meta.ts';
import { readPod } from '../../../shared/kube/pod.ts';

/** JSON in which the keys that readers look for turn up often, with values of every type. */
const hostile = (keys: readonly string[]) =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
    ),
  })).value;

const keys = [
  ...'metadata name namespace labels annotations ownerReferences spec status data type rules subjects roleRef'.split(
    ' ',
  ),
  ...'containers initContainers ephemeralContainers containerStatuses image imageID state waiting reason message'.split(
    ' ',
  ),
  ...'volumes reference imagePullSecrets nodeInfo addresses conditions webhooks clientConfig caBundle tls.crt'.split(
    ' ',
  ),
];

test('no reader throws on any JSON object', () => {
  fc.assert(
    fc.property(hostile(keys), (value) => {
      for (const entry of Object.values(kinds)) entry.read(record(value));
    }),
    { numRuns: 300 },
  );
});

test('the owner that controls an object goes first', () => {
  const owner = (name: string, controller: unknown): object => ({ kind: 'X', name, uid: name, controller });
  const owners = (...ownerReferences: object[]): string[] =>
    readMeta({ metadata: { ownerReferences } }).owners.map(({ name }) => name);
  assert.deepEqual(owners(owner('a', false), owner('b', true), owner('c', undefined)), ['b', 'a', 'c']);
  assert.deepEqual(owners(owner('a', 'true'), owner('b', null)), ['a', 'b']);
});

test('a pod with fields of the wrong type keeps the fields that are right', () => {
  const pod = readPod({
    metadata: { name: 'p', namespace: 7, labels: { a: 'b', c: 3 } },
    spec: { containers: [{ name: 'c', image: 'nginx' }, 5, null], initContainers: 'no', volumes: [{ image: [] }] },
    status: { containerStatuses: { not: 'a list' } },
  });
  assert.equal(pod.meta.name, 'p');
  assert.deepEqual(pod.meta.labels, { a: 'b' });
  assert.deepEqual(
    pod.containers.map((container) => container.image),
    ['nginx', '', ''],
  );
  assert.deepEqual(pod.statuses, []);
});
