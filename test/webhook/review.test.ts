import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { review, type Knowledge } from '../../webhook/review.ts';
import { policyWith } from '../shared/policy/policies.ts';
import { patchOf, podOf, responseOf, reviewOf } from './reviews.ts';

const knowledge: Knowledge = {
  policies: [policyWith(), policyWith({ mode: 'Warn', namespaceSelector: { matchLabels: { stage: 'dev' } } }, 'dev')],
  namespaces: new Map([['lab', { name: 'lab', labels: { stage: 'dev' } }]]),
};

function answer(object: unknown, request: object = {}, webhook: 'mutate' | 'validate' = 'mutate') {
  const reviewed = review(reviewOf(object, request), webhook, knowledge);
  assert.ok(reviewed.ok);
  return responseOf(reviewed.body);
}

test('the policy of the namespace decides, by its labels', () => {
  assert.equal(patchOf(answer(podOf('nginx'))).length, 3);
  const lab = answer(podOf('nginx'), { namespace: 'lab' });
  assert.equal(lab.patch, undefined);
  assert.match(lab.warnings?.[0] ?? '', /^airgap policy dev: container c0: nginx will be rewritten/);
});

test('an answer carries patchType exactly when it carries a patch', () => {
  for (const images of [['nginx'], ['evil.io/x'], []]) {
    const { patch, patchType } = answer(podOf(...images));
    assert.equal(patch === undefined, patchType === undefined);
  }
});

test('facts for the log name owner, object and dry run, and nothing of what is inside', () => {
  const pod = podOf('nginx') as { metadata: object };
  const owner = { apiVersion: 'x/v1', kind: 'Cluster', name: 'db', uid: 'u1', controller: true };
  const object = { ...pod, metadata: { ...pod.metadata, ownerReferences: [{ kind: 'X', name: 'y' }, owner] } };
  const reviewed = review(reviewOf(object, { dryRun: true }), 'mutate', knowledge);
  assert.ok(reviewed.ok);
  assert.deepEqual(reviewed.facts.owner, { apiVersion: 'x/v1', kind: 'Cluster', name: 'db', uid: 'u1' });
  assert.equal(reviewed.facts.dryRun, true);
});

test('any JSON gives an answer or a sentence, never an exception', () => {
  const value = fc.jsonValue({ maxDepth: 5 });
  fc.assert(
    fc.property(value, value, fc.constantFrom('mutate', 'validate'), (one, other, webhook) => {
      for (const body of [
        one,
        { ...reviewOf(one), request: other },
        reviewOf(one, { oldObject: other, kind: other, namespace: one }),
        reviewOf({ metadata: one, spec: other }),
        reviewOf(one, { operation: 'UPDATE', uid: other }),
      ]) {
        const reviewed = review(body, webhook, knowledge);
        if (reviewed.ok) JSON.parse(reviewed.body);
        else assert.ok(reviewed.problem.length > 0);
      }
    }),
  );
});
