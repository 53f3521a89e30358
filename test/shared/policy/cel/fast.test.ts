import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { objectToJudge } from '../../../../shared/policy/cel/fast.ts';
import type { CompiledPolicy } from '../../../../shared/policy/compile.ts';
import { decide } from '../../../../shared/policy/decide.ts';
import { readPolicy } from '../../../../shared/policy/load.ts';
import { generateReferences } from '../../../oracle/references.ts';
import { policyDocument, policyWith } from '../policies.ts';

/** Prefixes that lie within each other, with and without a path, and what Docker Hub makes of short names. */
const prefixes = [
  'docker.io',
  'docker.io/library',
  'docker.io/a',
  'quay.io',
  'quay.io/own',
  'quay.io/own/app',
  'r.local',
];
const mirrors = prefixes.map((sourcePrefix, index) => ({ sourcePrefix, targetPrefix: `m${index}.local:5000/x` }));

const policy = fc
  .record({
    mirrors: fc.subarray(mirrors, { maxLength: 2 }),
    allowedPrefixes: fc.subarray([...prefixes, 'm0.local:5000', 'm1.local:5000/x'], { minLength: 2 }),
  })
  .map((spec) => readPolicy(policyDocument(spec)))
  .filter((read) => read.ok)
  .map(({ value }) => value);

const suffixes = [
  '',
  '/',
  '/a',
  '/a/b',
  '/A',
  'x',
  '/own',
  '/library',
  ':1',
  '@sha256:abc',
  `@sha256:${'a'.repeat(64)}`,
];
const hosts = [...prefixes, 'm0.local:5000', 'm1.local:5000/x'];
const references = [
  ...hosts.flatMap((prefix) => suffixes.flatMap((one) => suffixes.map((other) => prefix + one + other))),
  ...generateReferences(11, 2000),
];

/** The pattern of an expression, and how long an image may be for it. */
function patternIn(expression: string): { readonly pattern: RegExp; readonly longest: number } {
  const [, longest = '', text = ''] =
    /size\(x\.image\) > (\d+) \|\| !x\.image\.matches\(r'([^']+)'\)/.exec(expression) ?? [];
  assert.notEqual(text, '');
  return { pattern: new RegExp(text), longest: Number(longest) };
}

test('an image that the webhook is not asked about is allowed by every policy', () => {
  let spared = 0;
  fc.assert(
    fc.property(fc.array(policy, { minLength: 1, maxLength: 3 }), (policies: CompiledPolicy[]) => {
      const expression = objectToJudge(policies);
      if (expression === null) return;
      const { pattern, longest } = patternIn(expression);
      for (const image of references) {
        if (image.length > longest || !pattern.test(image)) continue;
        spared += 1;
        for (const one of policies) assert.equal(decide(one, image).action, 'allow', image);
      }
    }),
    { numRuns: 60 },
  );
  assert.ok(spared > 1000, `${spared} images`);
});

test('what all policies allow alike is spared, also where one allows more', () => {
  const wide = policyWith({ mirrors: [], allowedPrefixes: ['quay.io'] });
  const narrow = policyWith({ mirrors: [], allowedPrefixes: ['quay.io/own', 'r.local'] });
  const { pattern } = patternIn(objectToJudge([wide, narrow]) ?? '');
  assert.deepEqual(
    ['quay.io/own/a:1', 'quay.io/a', 'r.local/a', 'quay.io/ownx/a'].filter((image) => pattern.test(image)),
    ['quay.io/own/a:1'],
  );
});
