import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

test('20,000 mutated reviews: no crash, no bypass', () => {
  const { letIn, turnedAway } = fuzz(20_000, 20_261_122);
  // Mutations that are too tame or too wild would prove nothing.
  assert.ok(letIn > 2000 && turnedAway > 2000, `${letIn} let in, ${turnedAway} turned away`);
});
