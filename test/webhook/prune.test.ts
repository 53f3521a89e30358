import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keptFor, keptOf } from '../../webhook/kept.ts';
import { prune } from '../../webhook/prune.ts';
import { review, type Knowledge } from '../../webhook/review.ts';
import { anyText } from '../any-text.ts';
import { policyWith } from '../shared/policy/policies.ts';
import { podOf, reviewOf } from './reviews.ts';

const policies = [
  policyWith({
    customResources: [{ group: 'example.com', kind: 'Thing', paths: ['spec.parts[*].picture'] }],
  }),
];
const knowledge: Knowledge = { policies, namespaces: new Map() };
const kept = keptFor(policies);

const bodyOf = (bytes: Uint8Array, cut = bytes.length): Parameters<typeof prune>[0] => ({
  pieces: [bytes.subarray(0, cut), bytes.subarray(cut)],
  length: bytes.length,
});
const textOf = (text: string, cut?: number): string => prune(bodyOf(Buffer.from(text), cut), kept);
const pruned = (text: string): unknown => JSON.parse(textOf(text));

const paths = [['a', 'image'], ['spec', 'a'], ['spec', 'spec', 'image'], ['image']];

/** What a reader sees who follows only these paths. */
function seen(value: unknown, below: readonly (readonly string[])[] = paths): unknown {
  if (below.some(({ length }) => length === 0) || typeof value !== 'object' || value === null) return value;
  // What sits in an array of an array is nowhere read.
  if (Array.isArray(value)) return value.map((entry) => (Array.isArray(entry) ? entry : seen(entry, below)));
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const rest = below.filter(([first]) => first === name).map((path) => path.slice(1));
    return rest.length === 0 ? [] : [[name, seen(inner, rest)] as const];
  });
  return Object.fromEntries(members);
}

const someNames = ['a', 'spec', 'image', 'env', 'im', 'image2', 'Spec', '__proto__', 'constructor', ''];
const names = fc.oneof(fc.constantFrom(...someNames), anyText({ maxLength: 5 }));
const texts = fc.oneof(fc.constantFrom('"', '\\', '},{', '"image":"x"', ','), anyText({ maxLength: 8 }));
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    texts,
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 5 }),
  ),
}));
const indents = fc.constantFrom(0, 1, '\t', '\r\n');

test('what is read of a document is the same without the rest, however it is written', () => {
  const written = fc.tuple(json, indents, fc.boolean()).map(([value, indent, escaped]) => {
    const text = JSON.stringify(value, null, indent);
    // As any writer of JSON may put it.
    return escaped ? text.replaceAll('image', String.raw`im\u0061ge`).replaceAll('/', String.raw`\/`) : text;
  });
  fc.assert(
    fc.property(written, fc.nat({ max: 300 }), (text, cut) => {
      const bytes = Buffer.from(text);
      const read: unknown = JSON.parse(prune(bodyOf(bytes, Math.min(cut, bytes.length)), keptOf(paths)));
      assert.deepEqual(seen(read), seen(JSON.parse(text)));
    }),
    { numRuns: 1000 },
  );
});

test('the last of two members of one name counts, as for JSON.parse', () => {
  const text = '{"image":"a","env":1,"image":"b","env":{"image":"c"}}';
  assert.equal(prune(bodyOf(Buffer.from(text)), keptOf(paths)), '{"image":"a","image":"b"}');
});

test('most of a real review is left out, and the answer is the same', () => {
  const pod = podOf('nginx:1.27', 'quay.io/a/b') as { spec: { containers: object[] } };
  const containers = pod.spec.containers.map((container) => ({
    ...container,
    env: Array.from({ length: 40 }, (_, index) => ({ name: `A${index}`, value: '"image": "x"' })),
    last: [{ name: 'x' }],
  }));
  const text = JSON.stringify(reviewOf({ ...pod, spec: { containers } }));
  assert.ok(textOf(text).length < text.length / 4);
  for (const webhook of ['mutate', 'validate'] as const)
    assert.deepEqual(review(pruned(text), webhook, knowledge), review(JSON.parse(text), webhook, knowledge));
});

test('images of custom resources are kept where a policy says that they are', () => {
  const request = { object: { spec: { parts: [{ picture: 'a', other: 'b' }] } } };
  assert.deepEqual(pruned(JSON.stringify({ request })), {
    request: { object: { spec: { parts: [{ picture: 'a' }] } } },
  });
});

test('a text that is cut off, or broken where it is read, stays broken', () => {
  const text = JSON.stringify(reviewOf(podOf('nginx')));
  for (let length = 0; length < text.length; length += 1) assert.throws(() => pruned(text.slice(0, length)));
  for (const broken of ['{"kind":nul}', '{"kind" "x"}', '{"env":1,}', '[{"env":1,]', '{"env":}', '{"env":1}}', '\0'])
    assert.throws(() => pruned(broken), broken);
  for (const broken of [
    '{"kind',
    '{"kind"',
    '{"kind":',
    '{"kind":"\\',
    '{"a\\',
    '"',
    '\\',
    '',
    ' ',
    '[',
    '[1,',
    '{"a":1',
  ]) {
    // What the request before left behind must not be read.
    pruned(`{"kind":"x",${' '.repeat(100)}"b":2}`);
    assert.throws(() => pruned(broken), broken);
  }
  assert.throws(() => pruned('['.repeat(1 << 20)));
});

test('any bytes are cut or left, in good time', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat({ max: 300 }),
      (bytes, cut) => typeof prune(bodyOf(bytes, Math.min(cut, bytes.length)), kept) === 'string',
    ),
  );
  const deep = '{"spec":'.repeat(5000) + '1' + '}'.repeat(5000);
  assert.equal(textOf(deep), '{}');
  assert.equal(textOf(`{"apiVersion":${deep}}`), `{"apiVersion":${deep}}`);
});
