import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseChallenges, type Challenge } from '../../../plugin/registry/challenge.ts';
import { nextPage } from '../../../plugin/registry/link.ts';
import { mediaTypes, parseManifest, platformName } from '../../../plugin/registry/manifest.ts';

const challenges: [header: string, read: [scheme: string, params: Record<string, string>][]][] = [
  ['Basic realm="Registry Realm"', [['basic', { realm: 'Registry Realm' }]]],
  [
    'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push"',
    [['bearer', { realm: 'https://auth.example/token', service: 'registry', scope: 'repository:a/b:pull,push' }]],
  ],
  [
    'Bearer realm=https://auth.example/token, service = "a \\"b\\""',
    [['bearer', { realm: 'https://auth.example/token', service: 'a "b"' }]],
  ],
  [
    'Negotiate, Basic realm="x", Bearer Realm="y"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
      ['bearer', { realm: 'y' }],
    ],
  ],
  [
    'Negotiate YWJj==, Basic realm="x"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  ['Bearer realm="first",realm="second"', [['bearer', { realm: 'first' }]]],
  ['Bearer realm="unfinished', [['bearer', {}]]],
  ['', []],
];

const plain = (read: readonly Challenge[]): [string, Record<string, string>][] =>
  read.map(({ scheme, params }) => [scheme, { ...params }]);

test('a WWW-Authenticate header is read challenge by challenge', () => {
  for (const [header, read] of challenges) assert.deepEqual(plain(parseChallenges(header)), read, header);
});

test('property: what is printed by the grammar is read back, and no header hangs or throws', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const value = fc.stringMatching(/^[ -~]{0,20}$/);
  const challenge = fc.tuple(name, fc.dictionary(name, value, { minKeys: 1, maxKeys: 4 }));
  fc.assert(
    fc.property(fc.array(challenge, { maxLength: 3 }), (written) => {
      const header = written
        .map(
          ([scheme, params]) =>
            `${scheme} ${Object.entries(params)
              .map(([key, text]) => `${key}="${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`)
              .join(', ')}`,
        )
        .join(', ');
      assert.deepEqual(
        plain(parseChallenges(header)),
        written.map(([scheme, params]) => [scheme, { ...params }]),
      );
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'aB="\\, \t;/~='.split('')), maxLength: 200 }),
      (header) => void parseChallenges(header),
    ),
  );
  for (const piece of ['a ', 'a=', ', ', 'a="', '\\"', 'a=b,', '=']) parseChallenges(`Bearer ${piece.repeat(300_000)}`);
});

test('a Link header leads to the next page of the same origin only', () => {
  const page = new URL('https://registry.example/v2/app/tags/list?n=2');
  const next = (header: string): string | undefined => nextPage(header, page)?.href;
  assert.equal(
    next('</v2/app/tags/list?last=b&n=2>; rel="next"'),
    'https://registry.example/v2/app/tags/list?last=b&n=2',
  );
  assert.equal(next('<?last=b>; rel=next'), 'https://registry.example/v2/app/tags/list?last=b');
  assert.equal(
    next('</x>; rel="prev", <?last=c>;title="a, b";rel="first next"'),
    'https://registry.example/v2/app/tags/list?last=c',
  );
  for (const none of [
    '',
    '</x>; rel="prev"',
    '<https://elsewhere.example/x>; rel="next"',
    `<${page.href}>; rel="next"`,
    '<http://[>; rel=next',
  ])
    assert.equal(next(none), undefined, none);
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'<>;rel="next, /?'.split('')), maxLength: 200 }),
      (header) => void nextPage(header, page),
    ),
  );
  for (const piece of ['<>', '<a>;', ';a=', '<a>; rel="', '; a="b"', ' '])
    nextPage(`<a>${piece.repeat(300_000)}`, page);
});

const digest = `sha256:${'a'.repeat(64)}`;
const read = (json: unknown, type = ''): ReturnType<typeof parseManifest> =>
  parseManifest(Buffer.from(JSON.stringify(json)), type);

test('a manifest is known by what it says of itself, then by its Content-Type, then by its fields', () => {
  const list = {
    schemaVersion: 2,
    mediaType: mediaTypes.dockerList,
    manifests: [{ digest, size: 7, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } }],
  };
  const index = read(list, 'application/json');
  assert.ok(index.kind === 'index' && index.children[0]?.platform);
  assert.equal(platformName(index.children[0].platform), 'linux/arm/v7');
  const image = { schemaVersion: 2, config: { digest, size: 3 }, layers: [{ digest, size: 5, mediaType: 'x' }] };
  assert.equal(read(image, `${mediaTypes.ociManifest}; charset=utf-8`).kind, 'image');
  assert.equal(read(image).kind, 'image');
  assert.equal(read({ schemaVersion: 2, manifests: [] }).kind, 'index');
  assert.equal(read({ schemaVersion: 1, fsLayers: [] }).kind, 'schema1');
  assert.equal(read({}, mediaTypes.schema1Signed).kind, 'schema1');
  assert.equal(parseManifest(Buffer.from('<!DOCTYPE html><p>Please log in'), mediaTypes.ociManifest).kind, 'html');
  assert.equal(parseManifest(Buffer.from('hello'), 'text/html; charset=x').kind, 'html');
  assert.deepEqual(read({ mediaType: 'application/x' }), {
    kind: 'unknown',
    mediaType: 'application/x',
    why: 'no container runtime reads this type',
  });
  assert.equal(read({ ...image, layers: [{ digest: '../../etc' }] }).kind, 'unknown');
  assert.equal(read([]).kind, 'unknown');
});

test('property: any bytes are read as some manifest without throwing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, type) => void parseManifest(bytes, type)),
    { numRuns: 100 },
  );
  const field = fc.constantFrom(
    'mediaType',
    'manifests',
    'layers',
    'config',
    'schemaVersion',
    'platform',
    'digest',
    'subject',
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...Object.values(mediaTypes), digest, 1, 2, null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(field, tie('node')),
    ),
  })).node;
  fc.assert(
    fc.property(tree, fc.constantFrom(...Object.values(mediaTypes), ''), (json, type) => void read(json, type)),
    { numRuns: 300 },
  );
});
