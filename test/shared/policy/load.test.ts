import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { loadPolicies, readPolicy } from '../../../shared/policy/load.ts';
import { printProblem } from '../../../shared/policy/problem.ts';
import { policyDocument } from './policies.ts';

const head = `apiVersion: airgap.dev/v1alpha1
kind: AirgapPolicy
metadata: {name: default}
spec:
`;

function problems(text: string): string[] {
  const loaded = loadPolicies(text);
  return loaded.ok ? [] : loaded.problems.map((problem) => printProblem('p.yaml', problem));
}

test('a whole policy loads, from a file and from an object', () => {
  const text = `${head}  mode: Enforce
  mirrors:
    - sourcePrefix: docker.io/library
      targetPrefix: my-registry.local/library
  allowedPrefixes: [my-registry.local]
  imagePullSecrets: [internal-registry]
  namespaceSelector: {}
  exemptions:
    - {namespaces: [kube-system], reason: "bootstrap"}
`;
  assert.deepEqual(problems(text), []);
  const loaded = readPolicy({
    ...policyDocument(),
    status: { conditions: [] },
    metadata: { name: 'x', generation: 3, managedFields: [] },
  });
  assert.ok(loaded.ok);
  assert.equal(loaded.value.generation, 3);
});

const refused: readonly (readonly [name: string, spec: string, expected: readonly string[]])[] = [
  [
    'an unknown key',
    '  mirrors:\n    - {soucePrefix: docker.io, sourcePrefix: docker.io, targetPrefix: a.b}',
    ['p.yaml:6: spec.mirrors[0].soucePrefix: unknown key; known here: sourcePrefix, targetPrefix'],
  ],
  [
    'an unknown mode',
    '  mode: enforce',
    ['p.yaml:5: spec.mode: is "enforce"; one of Audit, Warn, Rewrite, Enforce is expected'],
  ],
  [
    'a missing target',
    '  mirrors:\n    - sourcePrefix: docker.io',
    ['p.yaml:6: spec.mirrors[0]: targetPrefix is missing'],
  ],
  ['a wrong type', '  mirrors: docker.io', ['p.yaml:5: spec.mirrors: is "docker.io"; a list is expected']],
  [
    'an exemption without a reason',
    '  exemptions:\n    - namespaces: [kube-system]\n    - {namespaces: [a], reason: " "}',
    [
      'p.yaml:6: spec.exemptions[0]: reason is missing',
      'p.yaml:7: spec.exemptions[1].reason: is blank: say why, it is shown to users',
    ],
  ],
  [
    'a prefix without a host',
    '  allowedPrefixes:\n    - a.b\n    - library/nginx\n    - nginx',
    [
      'p.yaml:7: spec.allowedPrefixes[1]: "library/nginx" does not begin with a registry host: write "docker.io/library/nginx"',
      'p.yaml:8: spec.allowedPrefixes[2]: "nginx" does not begin with a registry host: write "docker.io/library/nginx"',
    ],
  ],
  [
    'prefixes that are none',
    '  allowedPrefixes: ["https://a.b", "a.b/", "a.b/*", "a.b/x:1", "a.b/x@sha256:0", "a.b//x", "a.b/X", " a.b", "a.b:port/x"]',
    [
      'p.yaml:5: spec.allowedPrefixes[0]: a prefix has no scheme: write "a.b"',
      'p.yaml:5: spec.allowedPrefixes[1]: a prefix ends without a slash: write "a.b"',
      'p.yaml:5: spec.allowedPrefixes[2]: a prefix has no wildcards: it covers everything below "a.b" by itself',
      'p.yaml:5: spec.allowedPrefixes[3]: a prefix has no tag: write "a.b/x"',
      'p.yaml:5: spec.allowedPrefixes[4]: a prefix has no digest: write "a.b/x"',
      'p.yaml:5: spec.allowedPrefixes[5]: a path segment is empty: remove the doubled slash',
      'p.yaml:5: spec.allowedPrefixes[6]: a repository is lower-case: write "x" in place of "X"',
      'p.yaml:5: spec.allowedPrefixes[7]: there is white space around "a.b": write it without',
      'p.yaml:5: spec.allowedPrefixes[8]: "a.b:port" is no host: write HOST, HOST:PORT or [IPv6]:PORT',
    ],
  ],
  [
    'two equal sources, also in another spelling',
    '  mirrors:\n    - {sourcePrefix: docker.io/a, targetPrefix: x.y}\n    - {sourcePrefix: index.docker.io/a, targetPrefix: z.y}',
    ['p.yaml:7: spec.mirrors[1].sourcePrefix: docker.io/a is the source of spec.mirrors[0] too: keep one'],
  ],
  [
    'a circle',
    '  mirrors:\n    - {sourcePrefix: a.b, targetPrefix: c.d/x}\n    - {sourcePrefix: c.d, targetPrefix: a.b}',
    [
      'p.yaml:6: spec.mirrors[0].targetPrefix: what is rewritten to c.d/x would be rewritten again by spec.mirrors[1] (c.d), in a circle',
      'p.yaml:7: spec.mirrors[1].targetPrefix: what is rewritten to a.b would be rewritten again by spec.mirrors[0] (a.b), in a circle',
    ],
  ],
  [
    'a target below its own source',
    '  mirrors:\n    - {sourcePrefix: docker.io, targetPrefix: docker.io/mirror}',
    [
      'p.yaml:6: spec.mirrors[0].targetPrefix: what is rewritten to docker.io/mirror would be rewritten again by spec.mirrors[0] (docker.io), in a circle',
    ],
  ],
  [
    'a target above another source, where names get through',
    '  mirrors:\n    - {sourcePrefix: docker.io, targetPrefix: r.local/m}\n    - {sourcePrefix: r.local/m/old, targetPrefix: r.local/new}',
    [
      'p.yaml:6: spec.mirrors[0].targetPrefix: what is rewritten to r.local/m would be rewritten again by spec.mirrors[1] (r.local/m/old)',
    ],
  ],
  [
    'a rule that changes nothing',
    '  mirrors:\n    - {sourcePrefix: a.b, targetPrefix: a.b}',
    [
      'p.yaml:6: spec.mirrors[0].targetPrefix: equals the source: to leave a.b as it is, name it in spec.allowedPrefixes',
    ],
  ],
  [
    'a prefix that is both source and allowed',
    '  mirrors:\n    - {sourcePrefix: a.b, targetPrefix: c.d}\n  allowedPrefixes: [a.b]',
    [
      'p.yaml:7: spec.allowedPrefixes[0]: a.b is the source of spec.mirrors[0]: an image is either rewritten or allowed',
    ],
  ],
  [
    'a selector without values',
    '  namespaceSelector:\n    matchExpressions:\n      - {key: a, operator: In}',
    ['p.yaml:7: spec.namespaceSelector.matchExpressions[0].values: In needs at least one value'],
  ],
  [
    'a list that the API server keeps as a set',
    '  allowedPrefixes: [a.b, c.d, a.b]\n  imagePullSecrets: [x, x]\n  exemptions: [{namespaces: [a, a], reason: x}]\n  customResources: [{group: a.b, kind: A, paths: [spec.a, spec.a]}]',
    [
      'p.yaml:5: spec.allowedPrefixes[2]: a.b is there twice: keep one',
      'p.yaml:6: spec.imagePullSecrets[1]: x is there twice: keep one',
      'p.yaml:7: spec.exemptions[0].namespaces[1]: a is there twice: keep one',
      'p.yaml:8: spec.customResources[0].paths[1]: spec.a is there twice: keep one',
    ],
  ],
  [
    'a label that no namespace can have',
    '  namespaceSelector:\n    matchLabels: {"a b": x}',
    [
      'p.yaml:6: spec.namespaceSelector.matchLabels.a b: no namespace has such a label: write NAME or PREFIX/NAME, of at most 63 letters, digits, "-", "_" and "."',
    ],
  ],
  [
    'a label or a value that the API server would refuse in a selector',
    '  namespaceSelector:\n    matchLabels: {a: x y}\n    matchExpressions: [{key: /a, operator: In, values: ["-"]}]',
    [
      'p.yaml:6: spec.namespaceSelector.matchLabels.a: is "x y": use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
      'p.yaml:7: spec.namespaceSelector.matchExpressions[0].key: is "/a": write NAME or PREFIX/NAME, of at most 63 letters, digits, "-", "_" and "."',
      'p.yaml:7: spec.namespaceSelector.matchExpressions[0].values[0]: is "-": use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    ],
  ],
  [
    'a path that leads nowhere',
    '  customResources: [{group: a.b, kind: A, paths: ["spec[0].image"]}]',
    [
      'p.yaml:5: spec.customResources[0].paths[0]: is "spec[0].image": write it as spec.imageName, or as spec.sidecars[*].image for every element of a list',
    ],
  ],
  [
    'too much, and too little',
    `  imagePullSecrets: [${'a, '.repeat(21)}]\n  exemptions: [{namespaces: [], reason: ${'x'.repeat(1025)}}]\n  mode: null`,
    [
      'p.yaml:5: spec.imagePullSecrets: has 21 entries; at most 20 are allowed',
      'p.yaml:6: spec.exemptions[0].namespaces: is empty; at least one is needed',
      'p.yaml:6: spec.exemptions[0].reason: has 1025 characters; at most 1024 are allowed',
      'p.yaml:7: spec.mode: is null; a text is expected',
    ],
  ],
  [
    'a host with an underscore and a port or capitals, which no runtime reads',
    '  allowedPrefixes: ["a_b.c:80", A_b.c]',
    [
      'p.yaml:5: spec.allowedPrefixes[0]: "a_b.c:80" is no host: write HOST, HOST:PORT or [IPv6]:PORT',
      'p.yaml:5: spec.allowedPrefixes[1]: "A_b.c" is no host: write HOST, HOST:PORT or [IPv6]:PORT',
    ],
  ],
  ['a duplicate key', '  mode: Warn\n  mode: Audit', ['p.yaml:6: not readable as YAML: the key "mode" is there twice']],
];

for (const [name, spec, expected] of refused)
  test(`${name} is refused, with its place`, () => assert.deepEqual(problems(`${head}${spec}\n`), expected));

test('what is no policy at all is refused', () => {
  assert.deepEqual(problems(''), ['p.yaml:1: the file holds no policy']);
  assert.match(problems('{')[0] ?? '', /^p.yaml:1: not readable as YAML: Flow map must end/);
  assert.deepEqual(problems('a: &a [x, x]\nb: [*a, *c]').length, 1);
  assert.match(problems('kind: Pod\n')[0] ?? '', /missing/);
});

test('a target above a source that never gets a name from it is sound', () => {
  const rules = `  mirrors:
    - {sourcePrefix: docker.io, targetPrefix: r.local/m}
    - {sourcePrefix: docker.io/old, targetPrefix: r.local/elsewhere}
    - {sourcePrefix: r.local/m/old, targetPrefix: r.local/new}
`;
  assert.deepEqual(problems(head + rules), []);
});

test('every document of a file is read, and the lines of each are the file’s', () => {
  const good = `${head}  mode: Warn\n`;
  const other = good.replace('default', 'other');
  const loaded = loadPolicies(`# two\n---\n${good}---\n${other}---\n# no more\n`);
  assert.ok(loaded.ok && loaded.value.length === 2);
  assert.deepEqual(problems(`${good}---\n${head}  mood: Warn\n`), [
    'p.yaml:11: spec.mood: unknown key; known here: mode, mirrors, allowedPrefixes, imagePullSecrets, namespaceSelector, exemptions, customResources',
  ]);
});

test('two policies of one name are refused, for only one of them can be in a cluster', () => {
  const good = `${head}  mode: Warn\n`;
  assert.deepEqual(problems(`${good}---\n${good}`), [
    'p.yaml:9: metadata.name: default is the name of the policy of line 3 too',
  ]);
});

test('the List that kubectl prints is a file of policies', () => {
  const item = (spec: string): string =>
    `- apiVersion: airgap.dev/v1alpha1\n  kind: AirgapPolicy\n  metadata: {name: a}\n  spec: {${spec}}\n`;
  const list = 'apiVersion: v1\nkind: List\nitems:\n';
  const loaded = loadPolicies(list + item('mode: Warn'));
  assert.ok(loaded.ok && loaded.value[0]?.mode === 'Warn');
  assert.deepEqual(problems(list + item('mode: warn')), [
    'p.yaml:7: items[0].spec.mode: is "warn"; one of Audit, Warn, Rewrite, Enforce is expected',
  ]);
  assert.match(problems(`${list}- {}\n`)[0] ?? '', /^p.yaml:4: items\[0\]: apiVersion is missing/);
  assert.deepEqual(problems('kind: List\nitems: []\n'), ['p.yaml:1: the file holds no policy']);
});

test('no JSON value makes the loader throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.ok(!readPolicy(value).ok);
      readPolicy({ apiVersion: 'airgap.dev/v1alpha1', kind: 'AirgapPolicy', metadata: { name: 'x' }, spec: value });
      loadPolicies(JSON.stringify(value));
    }),
  );
});
