import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keptFor, prune } from '../../webhook/prune.ts';
import { review, type Knowledge } from '../../webhook/review.ts';
import { anyText } from '../any-text.ts';
import { policyWith } from '../shared/policy/policies.ts';
import { podOf, reviewOf } from './reviews.ts';

const policies = [
  policyWith({
    customResources: [{ group: 'example.com', kind: 'Thing', paths: ['spec.parts[*].picture'] }],
  }),
];
const kept = keptFor(policies);
const pruned = (text: string): unknown => JSON.parse(prune(Buffer.from(text), kept));

const read = ['spec', 'containers', 'image', 'name', 'metadata', 'parts', 'picture', 'oldObject'];
const unread = ['env', 'resources', 'managedFields', 'im', 'image2', 'Spec', '__proto__', 'constructor', ''];

/** What a reader sees who knows only some names; of annotations everything. */
function seen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => read.includes(name) || name === 'annotations');
  return Object.fromEntries(members.map(([name, inner]) => [name, name === 'annotations' ? inner : seen(inner)]));
}

const names = fc.oneof(fc.constantFrom(...read, ...unread, 'annotations'), anyText({ maxLength: 5 }));
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
    fc.property(written, (text) => assert.deepEqual(seen(pruned(text)), seen(JSON.parse(text)))),
    { numRuns: 1000 },
  );
});

test('the last of two members of one name counts, as for JSON.parse', () => {
  const text = '{"image":"a","env":1,"image":"b","env":{"image":"c"}}';
  assert.deepEqual(seen(pruned(text)), { image: 'b' });
});

test('most of a real review is left out, and the answer is the same', () => {
  const knowledge: Knowledge = { policies, namespaces: new Map() };
  const pod = podOf('nginx:1.27', 'quay.io/a/b') as { spec: { containers: object[] } };
  const containers = pod.spec.containers.map((container) => ({
    ...container,
    env: Array.from({ length: 40 }, (_, index) => ({ name: `A${index}`, value: '"image": "x"' })),
    last: [{ name: 'x' }],
  }));
  const text = JSON.stringify(reviewOf({ ...pod, spec: { containers } }));
  assert.ok(prune(Buffer.from(text), kept).length < text.length / 4);
  for (const webhook of ['mutate', 'validate'] as const)
    assert.deepEqual(review(pruned(text), webhook, knowledge), review(JSON.parse(text), webhook, knowledge));
});

test('a text that is cut off, or broken where it is read, stays broken', () => {
  const text = JSON.stringify(reviewOf(podOf('nginx')));
  for (let length = 0; length < text.length; length += 1) assert.throws(() => pruned(text.slice(0, length)));
  for (const broken of ['{"image":nul}', '{"image" "x"}', '{"env":1,}', '[{"env":1,]', '{"env":}', '{"env":1}}', '\0'])
    assert.throws(() => pruned(broken), broken);
  assert.throws(() => pruned('['.repeat(1 << 20)));
});

test('any bytes are cut or left, in good time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof prune(Buffer.from(bytes), kept) === 'string'),
  );
  const deep = '{"spec":'.repeat(60) + '1' + '}'.repeat(60);
  assert.deepEqual(pruned(deep), JSON.parse(deep));
});
