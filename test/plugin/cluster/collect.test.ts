import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../../plugin/cluster/cluster.ts';
import { collect } from '../../../plugin/cluster/collect.ts';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import type { KindName } from '../../../plugin/cluster/snapshot.ts';
import type { Json } from '../../../shared/kube/json.ts';

const holding = (...objects: readonly Json[]): Cluster => ({
  source: 'test',
  now: new Date(0),
  list: (_, visit) => {
    objects.forEach(visit);
    return Promise.resolve(null);
  },
  get: () => Promise.resolve({ gap: { why: 'absent', reason: '' } }),
  observe: () => Promise.resolve(null),
});

test('an object that no reader foresaw costs itself, and is told', async () => {
  const bad = Object.defineProperty({}, 'metadata', {
    get: () => {
      throw new Error('boom');
    },
  }) as Json;
  const { pods } = await collect(
    holding({ metadata: { name: 'a' } }, bad, { metadata: { name: 'b' } }),
    new Set<KindName>(['pods']),
  );
  assert.deepEqual(
    pods.items.map(({ meta }) => meta.name),
    ['a', 'b'],
  );
  assert.deepEqual(pods.gap, { why: 'failed', reason: 'one or more pods could not be understood: boom' });
});

test('no reader stumbles over fields of the wrong type', async () => {
  const odd: readonly unknown[] = [null, 7, 'x', true, [], {}, [null], [7], [[]], { a: null }];
  const fields = [
    'metadata',
    'spec',
    'status',
    'data',
    'type',
    'webhooks',
    'rules',
    'subjects',
    'roleRef',
    'involvedObject',
    'endpoints',
    'ports',
    'secrets',
    'imagePullSecrets',
  ];
  const inner = [
    'containers',
    'initContainers',
    'volumes',
    'imagePullSecrets',
    'containerStatuses',
    'conditions',
    'labels',
    'annotations',
    'ownerReferences',
    'addresses',
    'nodeInfo',
    'caBundle',
    'request',
    'conversion',
    'ports',
    'versions',
  ];
  const objects = odd.flatMap((value) =>
    fields.flatMap((field) => [
      { [field]: value },
      ...inner.map((name) => ({ [field]: { [name]: value } })),
      ...inner.map((name) => ({ [field]: { [name]: [value] } })),
    ]),
  );
  const snapshot = await collect(holding(...objects), new Set(Object.keys(kinds) as KindName[]));
  for (const [name, { gap }] of Object.entries(snapshot)) assert.equal(gap, null, `${name}: ${gap?.reason}`);
});
