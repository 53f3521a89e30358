import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readPlainYaml } from '../../../../plugin/supply/lock/plain-yaml.ts';

/** Null where it is left to the whole parser. */
const plain = (text: string): unknown => readPlainYaml(text)?.value ?? null;

test('a lock as it is written is read', () => {
  const lock = {
    apiVersion: 'airgap.dev/v1alpha1',
    platforms: [],
    images: [
      {
        image: '127.0.0.1:5000/team/app:1.0',
        digest: `sha256:${'0'.repeat(64)}`,
        size: 491,
        mirror: null,
        manifests: [{ platform: 'linux/amd64', layers: ['sha256:a', 'sha256:b'] }],
        neededBy: ['Deployment shop/web (container main)', 'list.txt:1', '127.0.0.1:5000/a@sha256:b'],
        tag: '1.27',
      },
    ],
    blobs: { 'sha256:a': 4096, 'sha256:b': 0 },
  };
  const text = `# Comments stay.\n\n${stringify(lock, { lineWidth: 0 })}`;
  assert.deepEqual(plain(text.replace('    size', '    # between\n    size')), lock);
});

// Lines of everyday parts and of parts that mean something to YAML, so that what is plain is told from what is not.
const oneOf = (parts: string): fc.Arbitrary<string> => fc.constantFrom(...parts.split('|'));
const everyday = oneOf('x|1|x/y||null|[]|{}|"q"|a b|127.0.0.1:5000/a|(c)|x:1');
const special = oneOf(
  `a: b|01|1.5|0x1|1e3|true|No|~|[a]|{a: b}|'s'|>|&a|*a|!!str x|x #y|# x|---|...|%|?|é|"\\u0041"|1/2|1:2|x:|x |-|@x|\`|12345678901234567890`,
);
const line = fc
  .tuple(
    oneOf('|||  |  |    | |\t'),
    oneOf('|||- |- |-|- - '),
    oneOf('a: |b: |c: |d:|sha256:a: |||a b: |null: |1: |<<: |__proto__: |? '),
    fc.oneof({ weight: 5, arbitrary: everyday }, { weight: 1, arbitrary: special }),
  )
  .map((parts) => parts.join(''));

test('whatever is read is what the whole parser reads', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const text = lines.join('\n');
      const found = readPlainYaml(text);
      if (found === null) return;
      read += 1;
      assert.deepEqual(found.value, parse(text), JSON.stringify(text));
    }),
    { numRuns: 5000, seed: 20_261_122 },
  );
  assert.ok(read > 100, `${read} texts were plain`);
});

test('any document that is written is read right or left to the whole parser', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.constantFrom(null, true, 'null', 'yes', '1', '1.5', 'a: b', 'a #b', '- a', ' a', 'a ', 'sha256:0', 'x/y:1'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.constantFrom('a', 'sha256:b', 'null', '1'), fc.string()), tie('value'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(value, (document) => {
      const text = stringify(document, { lineWidth: 0 });
      const found = readPlainYaml(text);
      if (found !== null) assert.deepEqual(found.value, parse(text));
    }),
    { numRuns: 500 },
  );
});
