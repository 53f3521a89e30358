import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { families } from '../../../../plugin/doctor/causes/ids.ts';
import { bound } from '../../../../plugin/doctor/pulls/bound.ts';
import { classify } from '../../../../plugin/doctor/pulls/classify.ts';
import { anyText } from '../../../any-text.ts';

const ids = new Set<string>(Object.values(families).flat());
const fixtures = path.resolve(import.meta.dirname, '../../../fixtures/pulls');
const errors = ['containerd.json', 'cri-o.json', 'docker.json'].flatMap(
  (file) =>
    JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')) as readonly {
      error: string;
      image: string;
      runtime: string;
    }[],
);

/** Pieces that messages are made of, so that random texts come near to real ones. */
const pieces = fc.constantFrom(
  'rpc error: code = ',
  'Unknown desc = ',
  'Failed to pull image "',
  '": ',
  'Back-off pulling image "',
  '[',
  ']',
  '(Mirrors also failed: [',
  ']): ',
  'dial tcp: lookup ',
  ' on ',
  'x509: ',
  'Get "https://',
  'Get https://',
  ', ',
  'initializing source docker://',
  'failed to resolve reference "',
  '\n',
  '"',
  ': ',
  'not found',
  'EOF',
  '<html>',
  'unexpected status from HEAD request to https://',
  '401',
  'proxyconnect tcp: ',
  '\\x15\\x03',
  '\u0000',
  '\uD800',
);
const texts = fc.array(fc.oneof(pieces, anyText({ maxLength: 12 })), { maxLength: 40 });
const circumstances = fc.record(
  {
    image: fc.oneof(fc.string(), fc.constantFrom('redis:7', 'quay.io/a/b', 'registry.example.com/a:1')),
    runtime: fc.constantFrom('', 'containerd://1.5.1', 'containerd://2.4.2', 'cri-o://1.34.0', 'docker://28.0.0', 'x'),
    kubelet: fc.constantFrom('', 'v1.20.15', 'v1.37.2', 'x'),
  },
  { requiredKeys: [] },
);

test('any text in any circumstances has causes of the list, each once', () => {
  fc.assert(
    fc.property(texts, circumstances, (parts, known) => {
      const causes = classify(parts.join(''), known).map(({ cause }) => cause);
      assert.ok(causes.length > 0);
      assert.ok(causes.every((cause) => ids.has(cause)));
      assert.equal(new Set(causes).size, causes.length);
    }),
    { numRuns: 2000 },
  );
});

const wrappers = fc.constantFrom(
  (text: string) => `rpc error: code = Unknown desc = ${text}`,
  (text: string, image: string) => `Failed to pull image "${image}": ${text}`,
  (text: string, image: string) => `Back-off pulling image "${image}": ErrImagePull: ${text}`,
  (text: string, image: string) => `failed to pull and unpack image "${image}": ${text}`,
  (text: string) => `Error: ${text}`,
  (text: string) => `a wrapper of another program: ${text}`,
);

test('more layers around a text do not change its cause', () => {
  fc.assert(
    fc.property(fc.constantFrom(...errors), fc.array(wrappers, { maxLength: 6 }), (text, layers) => {
      const { error, ...known } = text;
      const wrapped = layers.reduce((inner, wrap) => wrap(inner, text.image), error);
      const causesOf = (message: string): readonly string[] => classify(message, known).map(({ cause }) => cause);
      assert.deepEqual(causesOf(wrapped), causesOf(error), wrapped);
    }),
    { numRuns: 1000 },
  );
});

test('what is scanned of a message has a limit, and both of its ends are in it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 200_000 }), (length) => {
      const scanned = bound(`begin${'x'.repeat(length)}end`);
      assert.ok(scanned.length <= 33 * 1024);
      assert.ok(scanned.startsWith('begin') && scanned.endsWith('end'));
    }),
  );
});

test('a message of 10 MB is taken for what it says at its end', () => {
  const image = 'registry.example.com/app:1';
  const message = `Failed to pull image "${image}": ${'<p>busy</p>'.repeat(1_000_000)}: dial tcp 192.0.2.10:443: connect: connection refused`;
  assert.equal(classify(message, { image })[0].cause, 'net-refused');
});

/** Texts on which a careless pattern goes back again and again. */
const hostile: Readonly<Record<string, string>> = {
  quotes: '"',
  'opened references': 'failed to pull and unpack image "',
  'opened lists': '(Mirrors also failed: [',
  'half lists': '(Mirrors also failed: [a: ',
  brackets: '[rpc error: code = ',
  urls: 'https://',
  'queries without end': 'https://a/?a=',
  colons: ': ',
  'colons and nothing': ':',
  lines: '\n',
  'open look-ups': 'lookup a on ',
  'open manifests': 'reading manifest a in ',
  'open blobs': 'writing blob a in ',
  'open layers': 'failed to extract layer a to overlayfs as "',
  certificates: 'certificate is valid for a, ',
  statuses: 'unexpected status from HEAD request to ',
  digests: 'unexpected commit digest sha256:aaaa',
  words: 'a',
  blanks: ' ',
};

for (const [name, piece] of Object.entries(hostile))
  test(`10 MB of nothing but ${name} come to an end`, () => {
    const message = piece.repeat(Math.ceil(10_000_000 / piece.length));
    // Measured: up to 15 ms. A pattern that goes back over what it has read takes hours on these, and the run ends it.
    classify(message, { image: 'a' });
  });
