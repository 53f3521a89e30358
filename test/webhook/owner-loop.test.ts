import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOwnerLoops } from '../../webhook/owner-loop.ts';
import { review, type Facts } from '../../webhook/review.ts';
import { policyWith } from '../shared/policy/policies.ts';
import { podOf, reviewOf } from './reviews.ts';

const knowledge = { policies: [policyWith()], namespaces: new Map() };

function created(kind: string, name: string, image = 'nginx', request: object = {}): Facts {
  const owner = { apiVersion: 'x/v1', kind, name: 'db', uid: `uid-${kind}`, controller: true };
  const pod = podOf(image) as { metadata: object };
  const object = { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } };
  const reviewed = review(reviewOf(object, { name, ...request }), 'mutate', knowledge);
  assert.ok(reviewed.ok);
  return reviewed.facts;
}

test('an owner that makes the same rewritten pod three times is told once, with what ends it', () => {
  const notice = createOwnerLoops();
  const told = [0, 1, 2, 3, 4].map((minute) => notice('mutate', created('Cluster', 'db-1'), minute * 60_000));
  assert.deepEqual(
    told.map((loop) => loop !== null),
    [false, false, true, false, false],
  );
  assert.match(
    told[2]?.hint ?? '',
    /add \{namespaces: \[team\], reason: "…"\} to spec\.exemptions of AirgapPolicy default/,
  );
  assert.notEqual(
    [0, 1, 2].map((minute) => notice('mutate', created('Cluster', 'db-1'), (minute + 65) * 60_000)).at(-1),
    null,
  );
});

test('what is no loop is not told', () => {
  const cases: readonly (readonly [why: string, make: (index: number) => Facts, minutes: number])[] = [
    ['a ReplicaSet compares templates', () => created('ReplicaSet', 'web'), 1],
    ['other names are other pods', (index) => created('Spark', `executor-${index}`), 0.1],
    ['allowed images are not rewritten', () => created('Cluster', 'db-1', 'my-registry.local/x'), 1],
    ['a dry run creates nothing', () => created('Cluster', 'db-1', 'nginx', { dryRun: true }), 1],
    ['once an hour is no loop', () => created('Cluster', 'db-1'), 60],
  ];
  for (const [why, make, minutes] of cases) {
    const notice = createOwnerLoops();
    const told = Array.from({ length: 10 }, (_, index) => notice('mutate', make(index), index * minutes * 60_000));
    assert.ok(
      told.every((loop) => loop === null),
      why,
    );
  }
});

test('memory stays bounded whatever owners are invented', () => {
  const notice = createOwnerLoops();
  const facts = created('Cluster', 'x');
  for (let index = 0; index < 20_000; index += 1)
    notice(
      'mutate',
      { ...facts, owner: { apiVersion: 'x/v1', kind: 'Cluster', name: 'x', uid: String(index) } },
      index,
    );
  assert.equal(notice('mutate', facts, 20_000), null);
});
