import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../shared/kube/json.ts';
import { createNamespaces } from '../../webhook/cluster/namespaces.ts';
import type { Knowledge } from '../../webhook/review.ts';
import { buildServer } from '../../webhook/server.ts';
import { policyWith } from '../shared/policy/policies.ts';
import { podOf, responseOf, reviewOf } from './reviews.ts';

const objects = (...names: string[]): ReadonlyMap<string, Json> =>
  new Map(names.map((name) => [name, { metadata: { name, labels: { stage: 'dev' } } }]));

test('a namespace that is not known yet is waited for, and not for ever', async () => {
  const namespaces = createNamespaces(30);
  namespaces.take(objects('old'));
  assert.equal(namespaces.settled('old'), null);
  assert.equal(namespaces.settled(''), null, 'what is in no namespace waits for none');
  const first = namespaces.settled('new');
  assert.notEqual(first, null);
  namespaces.take(objects('old', 'new'));
  await first;
  assert.equal(namespaces.settled('new'), null);
  assert.deepEqual(namespaces.known()?.get('new')?.labels, { stage: 'dev' });

  await namespaces.settled('never');
  assert.equal(namespaces.known()?.has('never'), false);
});

test('a pod that comes just before the labels of its namespace is judged by the policy that they select', async () => {
  const selecting = { ...policyWith(), selector: { matchLabels: { stage: 'dev' } } };
  const namespaces = createNamespaces();
  namespaces.take(objects());
  const knowledge = (): Knowledge => ({ policies: [selecting], namespaces: namespaces.known() ?? new Map() });
  const server = buildServer({
    knowledge,
    settled: namespaces.settled,
    unready: () => null,
    leaving: () => false,
    tls: null,
    answered: () => {},
    refused: (_webhook, _code, problem) => assert.fail(problem),
  });
  const asked = server.inject({
    method: 'POST',
    url: '/validate?timeout=5s',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(reviewOf(podOf('evil.example.com/a'))),
  });
  setTimeout(() => namespaces.take(objects('team')), 30);
  const { body } = await asked;
  assert.equal(responseOf(body).allowed, false);
  await server.close();
});
