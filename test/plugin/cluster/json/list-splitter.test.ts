import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../../any-text.ts';
import { MalformedList, splitList, type SplitEnd } from '../../../../plugin/cluster/json/list-splitter.ts';

function split(text: string, cuts: readonly number[], maxItemBytes = 1 << 20): SplitEnd & { items: unknown[] } {
  const items: unknown[] = [];
  const splitter = splitList({ item: (value) => items.push(value), maxItemBytes });
  const bytes = Buffer.from(text);
  const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (const [index, from] of at.entries()) splitter.push(bytes.subarray(from, at[index + 1] ?? bytes.length));
  return { ...splitter.end(), items };
}

const indents = fc.constantFrom(0, 1, 2, '\t', '\r\n');
const cuts = fc.array(fc.nat(100_000), { maxLength: 40 });
// Keys and strings that look like the scanner's own landmarks are drawn often.
const texts = fc.oneof(anyText(), fc.constantFrom('items', '"items":[', '\\', '\\"', '{', ']', 'é', '💥'));
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 4 }),
  ),
}));

test('whatever the chunks, the items and the envelope are what JSON.parse reads', () => {
  fc.assert(
    fc.property(
      fc.dictionary(texts, json, { maxKeys: 4 }),
      fc.array(json, { maxLength: 6 }),
      fc.dictionary(texts, json, { maxKeys: 4 }),
      indents,
      cuts,
      (before, items, after, indent, cut) => {
        const text = JSON.stringify({ ...before, ...after, items, ...after }, null, indent);
        const { items: expected, ...envelope } = JSON.parse(text) as Record<string, unknown>;
        const got = split(text, cut);
        assert.deepEqual(got.items, Array.isArray(expected) ? expected : []);
        if (Array.isArray(expected)) assert.deepEqual(got.envelope, envelope);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a bare array is a list, another object is none', () => {
  fc.assert(
    fc.property(fc.array(json), indents, cuts, (items, indent, cut) => {
      const text = JSON.stringify(items, null, indent);
      assert.deepEqual(split(text, cut).items, JSON.parse(text));
    }),
  );
  assert.deepEqual(split('{"kind":"Pod","spec":{"items":[1]}}', []), {
    envelope: { kind: 'Pod', spec: { items: [1] } },
    list: false,
    tooLong: 0,
    items: [],
  });
  assert.deepEqual(split('{"\\u0069tems":[1,{"a":2}]}', []).items, [1, { a: 2 }]);
});

test('a string ends at its own quote, however long it is and wherever it is cut', () => {
  const piece = fc.constantFrom('"', '\\', '\\"', 'é', 'x', 'x'.repeat(50), 'x'.repeat(63), 'x'.repeat(300));
  const string = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          string,
          string.map((text) => ({ text })),
        ),
      ),
      fc.array(fc.nat(5000)),
      (items, cut) => {
        assert.deepEqual(split(JSON.stringify({ items }), cut).items, items);
      },
    ),
    { numRuns: 500 },
  );
});

test('what JSON.parse refuses is refused', () => {
  fc.assert(
    fc.property(
      fc.array(json, { maxLength: 3 }),
      fc.nat(),
      anyText({ maxLength: 2 }),
      cuts,
      (items, place, noise, cut) => {
        const good = JSON.stringify({ kind: 'List', items });
        const at = place % good.length;
        const bad = good.slice(0, at) + noise + good.slice(at + 1);
        let expected: unknown;
        try {
          // Bytes, not UTF-16: a lone surrogate is replaced when it is encoded.
          expected = JSON.parse(Buffer.from(bad).toString('utf8'));
        } catch {
          assert.throws(() => split(bad, cut), MalformedList);
          return;
        }
        if (typeof expected === 'object' && expected !== null) split(bad, cut);
      },
    ),
    { numRuns: 3000 },
  );
  for (const bad of [
    '',
    '   ',
    '{',
    '[',
    '{"items":[',
    '{"items":[{}',
    '{"items":[{}]',
    '{"items":[{},]}',
    '{"items":[,{}]}',
    '{"items":[{} {}]}',
    '{}x',
    '{"items":[]}{}',
    'null',
    '"items"',
    '12',
    '<html></html>',
    '{"items":[tru]}',
  ])
    assert.throws(() => split(bad, [3]), MalformedList, bad);
});

test('absurd nesting costs no stack', () => {
  // Ten times what any stack holds; a million levels cost JSON.parse, which is not what is tested, most of a second.
  const deep = `${'['.repeat(2e5)}${']'.repeat(2e5)}`;
  assert.equal(split(`{"items":[${deep}]}`, [7, 190_000], 1 << 22).items.length, 1);
  assert.equal(split(`{"metadata":${deep}}`, [], 1 << 22).list, false);
  assert.throws(() => split('['.repeat(1e6), [], 1 << 22), MalformedList);
});

test('an item beyond the limit is passed over and counted, its neighbours are read', () => {
  const text = JSON.stringify({ kind: 'PodList', items: [{ a: 1 }, { huge: 'x'.repeat(5000) }, { b: 2 }] });
  for (const cut of [[], [300, 2000, 4000]]) {
    const got = split(text, cut, 1000);
    assert.deepEqual(got.items, [{ a: 1 }, { b: 2 }]);
    assert.equal(got.tooLong, 1);
  }
  assert.throws(() => split(JSON.stringify({ noise: 'x'.repeat(5000) }), [], 1000), /too long/);
});

test('the head is known before the items are', () => {
  const seen: string[] = [];
  const splitter = splitList({
    head: (envelope) => seen.push(JSON.stringify(envelope)),
    item: (value) => seen.push(JSON.stringify(value)),
    maxItemBytes: 1000,
  });
  splitter.push(Buffer.from('{"kind":"PodList","metadata":{"continue":"abc"},"items":[{"a":1}]}'));
  splitter.end();
  assert.deepEqual(seen, ['{"kind":"PodList","metadata":{"continue":"abc"},"items":[]}', '{"a":1}']);
});

test('items that hold what looks like the seam between items are still whole', () => {
  const inner = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }];
  const items = Array.from({ length: 30 }, (_, i) => ({
    metadata: { name: `${i}`, text: '},{"metadata":{"name":"' },
    templates: i % 3 === 0 ? inner : i % 3 === 1 ? Array.from({ length: 9 }, () => inner[0]) : [],
  }));
  for (const indent of [0, 4])
    fc.assert(
      fc.property(cuts, (cut) => {
        const text = JSON.stringify({ kind: 'List', items }, null, indent);
        assert.deepEqual(split(text, cut).items, items);
      }),
      { numRuns: 50 },
    );
});

test('managedFields are left out, wherever a piece ends and whatever they hold, and nothing else is', () => {
  const noise = fc.constantFrom(',"managedFields":[', ']', '\\', '"', '"]', '[', 'é');
  const fields = fc.dictionary(fc.oneof(noise, fc.string()), fc.oneof(noise, fc.array(noise)), { maxKeys: 3 });
  const item = fc.record({
    name: fc.oneof(noise, fc.string()),
    fields: fc.array(fields, { maxLength: 3 }),
    value: json,
  });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), cuts, (items, cut) => {
      const list = items.map(({ name, fields, value }) => ({ metadata: { name, managedFields: fields }, value }));
      const expected = items.map(
        ({ name, value }) => JSON.parse(JSON.stringify({ metadata: { name }, value })) as unknown,
      );
      assert.deepEqual(split(JSON.stringify({ kind: 'PodList', items: list }), cut).items, expected);
    }),
    { numRuns: 1000 },
  );
});
