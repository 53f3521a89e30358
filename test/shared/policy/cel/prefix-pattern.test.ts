import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseReference, repositoryOf } from '../../../../shared/image/reference.ts';
import { prefixPattern } from '../../../../shared/policy/cel/prefix-pattern.ts';
import { decide } from '../../../../shared/policy/decide.ts';
import { readPolicy } from '../../../../shared/policy/load.ts';
import { policyDocument, policyWith } from '../policies.ts';

const hosts = ['docker.io', 'a.b', 'c.d:5000', '[::1]:80', 'localhost'];
const prefix = fc
  .tuple(fc.constantFrom(...hosts), fc.array(fc.constantFrom('library', 'x', 'y', 'xy'), { maxLength: 3 }))
  .map(([host, path]) => [host, ...path].join('/'));

test('the pattern finds the prefix by which decide decides', () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ sourcePrefix: prefix, targetPrefix: prefix }), { maxLength: 4 }),
      fc.array(prefix, { minLength: 1, maxLength: 3 }),
      prefix,
      (mirrors, allowedPrefixes, image) => {
        const read = readPolicy(policyDocument({ mirrors, allowedPrefixes }));
        const parsed = parseReference(image);
        if (!read.ok || !parsed.ok) return;
        const pattern = new RegExp(prefixPattern(read.value) ?? 'none');
        const match = pattern.exec(`${repositoryOf(parsed.reference)}/`)?.[0];
        const verdict = read.value.verdicts.get(/^(.*)\//.exec(match ?? '')?.[1] ?? '');
        const { action, rule } = decide(read.value, image);
        assert.equal(verdict?.does ?? 'reject', action);
        if (verdict?.does === 'rewrite') assert.deepEqual(verdict.rule, rule);
        found += match === undefined ? 0 : 1;
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(found > 100, `only ${found} were found`);
});

test('a pattern that would be long is not made', () => {
  const allowedPrefixes = Array.from({ length: 60 }, (_, index) => `registry-${index}.example.com/team`);
  assert.equal(prefixPattern(policyWith({ allowedPrefixes })), null);
});
