/** Reviews made by mutating real ones: no crash, and nothing let in that an independent reader finds external. */
import assert from 'node:assert/strict';
import { keptFor } from '../../webhook/kept.ts';
import { prune } from '../../webhook/prune.ts';
import { review, type Knowledge, type Webhook } from '../../webhook/review.ts';
import { random } from '../oracle/references.ts';
import { applyPatch } from '../shared/policy/apply-patch.ts';
import { policyWith } from '../shared/policy/policies.ts';
import { patchOf, responseOf } from '../webhook/reviews.ts';
import { seeds } from './seeds.ts';
import { mutate } from './mutate.ts';
import { externalImages } from './reader.ts';

const knowledge: Knowledge = { policies: [policyWith()], namespaces: new Map() };

function ask(body: unknown, webhook: Webhook): ReturnType<typeof responseOf> | null {
  const reviewed = review(body, webhook, knowledge);
  // As it comes over the wire: what the server does not read of a text must not matter.
  const bytes = Buffer.from(JSON.stringify(body));
  const text = prune({ pieces: [bytes], length: bytes.length }, keptFor(knowledge.policies));
  assert.deepEqual(review(JSON.parse(text), webhook, knowledge), reviewed, 'cutting the text changed the answer');
  return reviewed.ok ? responseOf(reviewed.body) : null;
}

interface Body {
  readonly request: { readonly object: unknown };
}

/** As the API server does it: mutate, apply, validate the final object. Returns the object that was let in. */
function admit(body: unknown): unknown {
  const mutated = ask(body, 'mutate');
  if (mutated === null) return null;
  const { request } = body as Body;
  const object = mutated.patch === undefined ? request.object : applyPatch(request.object, patchOf(mutated));
  const final = { ...(body as object), request: { ...request, object } };
  const validated = ask(final, 'validate');
  if (validated?.allowed !== true) return null;
  const again = ask(final, 'mutate');
  assert.equal(again?.patch, undefined, 'a second mutation changed the object again');
  return final;
}

export interface Fuzzed {
  readonly letIn: number;
  readonly turnedAway: number;
}

/** Runs `count` reviews; throws with the seed, the number and the review of the first that goes wrong. */
export function fuzz(count: number, seed: number): Fuzzed {
  const next = random(seed);
  let letIn = 0;
  for (let index = 0; index < count; index += 1) {
    const body = mutate(seeds[Math.floor(next() * seeds.length)], next);
    try {
      const final = admit(body);
      if (final === null) continue;
      letIn += 1;
      assert.deepEqual(externalImages(final), [], 'an external image was let in');
    } catch (error) {
      throw new Error(`seed ${seed}, review ${index}: ${JSON.stringify(body).slice(0, 4000)}`, { cause: error });
    }
  }
  return { letIn, turnedAway: count - letIn };
}
