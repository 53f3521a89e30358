import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { yamlDocuments } from '../../shared/yaml-documents.ts';
import { anyText } from '../any-text.ts';

const values = (text: string): unknown[] =>
  yamlDocuments(text).map((document) => (document.ok ? document.value : `${document.line}: ${document.message}`));

test('what kubectl reads as text, or follows, is read alike', () => {
  assert.deepEqual(values('- &a {name: a, image: x}\n- {<<: *a, name: b}\n- {<<: [*a, {z: 1}]}'), [
    [
      { name: 'a', image: 'x' },
      { name: 'b', image: 'x' },
      { name: 'a', image: 'x', z: 1 },
    ],
  ]);
  assert.deepEqual(values('image: !!binary ZXZpbC5pby94'), [{ image: 'evil.io/x' }]);
  assert.deepEqual(values('# nothing\n---\n---\n# still nothing\n'), []);
});

test('JSON objects may follow each other, and keep their lines', () => {
  const text = '{"a": "}",\n"b": "{"}\n{"a": 2}\n\n  {"a":\n 3}\n';
  assert.deepEqual(values(text), [{ a: '}', b: '{' }, { a: 2 }, { a: 3 }]);
  const lines = yamlDocuments(text).map((document) => (document.ok ? document.line(['a']) : 0));
  assert.deepEqual(lines, [1, 3, 5]);
});

test('what is no YAML is told with its line', () => {
  const cases: readonly (readonly [text: string, message: RegExp])[] = [
    ['a: 1\nb:\n  c: 1\n  "c": 2', /^4: the key "c" is there twice$/],
    ['a: 1\nb: {{ .Values.b }}', /^2: With stringKeys/],
    ['{"a": 1}\n{"a": 1', /^2: Flow map/],
    ['a: !!binary "?"', /^1: !!binary/],
    ['['.repeat(10_000), /^1: it is nested too deeply$/],
    ['a: &a [x, x]\nb: &b [*a, *a]\nc: [*d]', /^1: Unresolved alias/],
  ];
  for (const [text, message] of cases) assert.match(String(values(text).at(-1)), message);
});

test('any text gives documents', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '\n',
    ' ',
    ':',
    '"',
    '- ',
    '&a ',
    '*a',
    '<<: ',
    '---',
    '!!binary ',
    'x',
    '#',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, anyText({ maxLength: 3 })), { maxLength: 20 }), (parts) => {
      for (const document of yamlDocuments(parts.join(''))) if (!document.ok) assert.ok(document.line >= 1);
    }),
  );
});
