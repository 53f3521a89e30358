import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { readDockerConfig, type DockerConfigProblem } from '../../../shared/registry/dockerconfig.ts';
import { entriesFor, hostMatches } from '../../../shared/registry/dockerconfig-match.ts';

const base64 = (value: string): string => Buffer.from(value).toString('base64');
const auth = { auth: base64('robot:hunter2') };
const config = (auths: unknown): string => JSON.stringify({ auths });

/** Which of the written keys the kubelet would use for a repository. */
const matching: [keys: string[], repository: string, found: string[]][] = [
  [['registry.example'], 'registry.example/team/app', ['registry.example']],
  [['https://registry.example'], 'registry.example/app', ['registry.example']],
  [['http://registry.example/'], 'registry.example/app', ['registry.example']],
  [['https://registry.example/v2/'], 'registry.example/app', ['registry.example']],
  [['https://registry.example/v1'], 'registry.example/app', []],
  [['registry.example:5000'], 'registry.example/app', []],
  [['registry.example'], 'registry.example:5000/app', []],
  [['registry.example:5000'], 'registry.example:5000/app', ['registry.example:5000']],
  [['registry.example/team'], 'registry.example/team/app', ['registry.example/team']],
  [['registry.example/team'], 'registry.example/other/app', []],
  [
    ['registry.example', 'registry.example/team'],
    'registry.example/team/app',
    ['registry.example/team', 'registry.example'],
  ],
  [['*.example'], 'registry.example/app', ['*.example']],
  [['*.example'], 'a.registry.example/app', []],
  [['*.registry.example'], 'registry.example/app', []],
  [['reg*.example:5000'], 'registry.example:5000/app', ['reg*.example:5000']],
  [['https://index.docker.io/v1/'], 'docker.io/library/nginx', ['index.docker.io']],
  [['docker.io', 'index.docker.io'], 'docker.io/library/nginx', ['docker.io']],
  [['https://robot:secret@registry.example'], 'registry.example/app', ['registry.example']],
  [['[::1]:5000'], '[::1]:5000/app', ['[::1]:5000']],
  [['not a host'], 'registry.example/app', []],
];

test('the entries for a repository are those that the kubelet would try, the most specific first', () => {
  for (const [keys, repository, found] of matching) {
    const { entries } = readDockerConfig(config(Object.fromEntries(keys.map((key) => [key, auth]))));
    assert.deepEqual(
      entriesFor(entries, repository).map(({ host, path }) => host + path),
      found,
      `${keys.join()} ${repository}`,
    );
  }
});

const broken: [content: string, format: 'dockerconfigjson' | 'dockercfg', problem: DockerConfigProblem][] = [
  ['', 'dockerconfigjson', { kind: 'empty' }],
  ['{"auths":', 'dockerconfigjson', { kind: 'not-json' }],
  ['[]', 'dockerconfigjson', { kind: 'not-json' }],
  [base64(config({ 'registry.example': auth })), 'dockerconfigjson', { kind: 'encoded-twice' }],
  ['{}', 'dockerconfigjson', { kind: 'no-auths' }],
  [config({}), 'dockerconfigjson', { kind: 'no-auths' }],
  [config(null), 'dockerconfigjson', { kind: 'no-auths' }],
  [JSON.stringify({ 'registry.example': auth }), 'dockerconfigjson', { kind: 'other-format' }],
  [config({ 'registry.example': auth }), 'dockercfg', { kind: 'other-format' }],
  [
    config({ r: { auth: 'robot:hunter2' } }),
    'dockerconfigjson',
    { kind: 'bad-entry', host: 'r', why: 'its auth is not base64' },
  ],
  [
    config({ r: { auth: base64('robot') } }),
    'dockerconfigjson',
    { kind: 'bad-entry', host: 'r', why: 'its auth is not base64 of user:password' },
  ],
  [config({ r: 'robot' }), 'dockerconfigjson', { kind: 'bad-entry', host: 'r', why: 'it is not an object' }],
  [
    config({ r: { password: 7 } }),
    'dockerconfigjson',
    { kind: 'bad-entry', host: 'r', why: 'its password is not a string' },
  ],
];

test('a configuration that brings no credentials says why', () => {
  for (const [content, format, problem] of broken) assert.deepEqual(readDockerConfig(content, format).problem, problem);
});

test('every kind of login is read and none of them can be printed', () => {
  const { entries, problem } = readDockerConfig(
    config({
      a: auth,
      b: { username: 'robot', password: 'hunter2' },
      c: { auth: base64('<token>:'), identitytoken: 'hunter2' },
      d: { registrytoken: 'hunter2' },
      e: {},
    }),
  );
  assert.equal(problem, null);
  assert.deepEqual(
    entries.map(({ login }) => login?.kind ?? null),
    ['basic', 'basic', 'identity', 'bearer', null],
  );
  assert.equal(entries[0]?.login?.kind === 'basic' && entries[0].login.password.reveal(), 'hunter2');
  const printed = [
    inspect(entries, { depth: 9, showHidden: true }),
    JSON.stringify(entries),
    entries.map((entry) => Object.values(entry.login ?? {}).join(' ')).join(' '),
  ];
  for (const text of printed) assert.doesNotMatch(text, /hunter2|robot/);
});

test('helpers are read and make an empty auths no problem', () => {
  const read = readDockerConfig(
    '{"auths":{},"credHelpers":{"registry.example":"pass","bad":7},"credsStore":"desktop"}',
  );
  assert.deepEqual(read, { entries: [], problem: null, helpers: { 'registry.example': 'pass' }, store: 'desktop' });
});

test('property: any text and any JSON is read without throwing, and shows no credential', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.dictionary(fc.string(), fc.anything()).map((auths) => config(auths)),
      ),
      (content) => {
        for (const format of ['dockerconfigjson', 'dockercfg'] as const) readDockerConfig(content, format);
      },
    ),
    { numRuns: 200 },
  );
  const word = fc.stringMatching(/^[a-z0-9]{9,20}$/);
  fc.assert(
    fc.property(word, word, (username, password) => {
      const { entries } = readDockerConfig(config({ 'registry.example': { auth: base64(`${username}:${password}`) } }));
      const login = entries[0]?.login;
      assert.ok(
        login?.kind === 'basic' && login.username.reveal() === username && login.password.reveal() === password,
      );
      assert.ok(!JSON.stringify(entries).includes(password) && !inspect(entries, { depth: 9 }).includes(username));
    }),
    { numRuns: 50 },
  );
});

test('property: a host pattern is matched part by part, as a regular expression of the same meaning does', () => {
  const part = fc.stringMatching(/^[ab*]{1,5}$/);
  const plain = fc.stringMatching(/^[ab]{1,5}$/);
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.array(plain, { minLength: 1, maxLength: 3 }),
      (pattern, name) => {
        const oracle = new RegExp(`^${pattern.map((piece) => piece.replaceAll('*', '[^.]*')).join('\\.')}$`);
        assert.equal(hostMatches(pattern.join('.'), name.join('.')), oracle.test(name.join('.')));
      },
    ),
    { numRuns: 300 },
  );
});
