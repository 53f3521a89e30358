import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { lockOf } from '../exports/lock.ts';
import { run } from '../../commands/run.ts';
import type { PruneReport } from '../../../../plugin/supply/prune/report.ts';
import {
  fakeRegistry,
  json,
  refuse,
  sha256,
  tinyImage,
  type FakeRequest,
  type Handler,
} from '../../../fake/registry.ts';
import { assertFits } from '../../../schema.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-prune-'));
const inside = (name: string): string => path.join(folder, name);
after(() => rmSync(folder, { recursive: true }));

const [kept, old, other] = [tinyImage('linux/amd64'), tinyImage('linux/arm64'), tinyImage('linux/s390x')];
const image = (name: string, { manifest, digest }: typeof kept): FakeRequest['manifests'] => ({
  [name]: manifest,
  [`${name.split(':')[0]}@${digest}`]: manifest,
});
const tags = (...names: readonly string[]): Handler => json(200, { tags: names });
const deleted: Handler = (_, response) => response.writeHead(202).end();

/** A mirror with `m/app:1`, which is kept, and `m/app:2`, which is not; `answers` come first. */
const mirror = (answers: FakeRequest['answers'] = [], more: FakeRequest['manifests'] = {}) =>
  fakeRegistry({
    answers: [
      ...answers,
      [/^GET \/v2\/_catalog/, json(200, { repositories: ['m/app'] })],
      [/^GET \/v2\/m\/app\/tags\/list/, tags('1', '2')],
      [/^DELETE/, deleted],
    ],
    manifests: { ...image('m/app:1', kept), ...image('m/app:2', old), ...more },
  });

function policy(host: string, rest = ''): string {
  const file = inside('policy.yaml');
  writeFileSync(
    file,
    `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec:\n  mirrors:\n    - {sourcePrefix: docker.io, targetPrefix: "${host}/m"}\n${rest}`,
  );
  return file;
}

async function prune(host: string, ...args: readonly string[]) {
  writeFileSync(inside('lock.yaml'), JSON.stringify(lockOf({ 'docker.io/app:1': `${host}/m/app:1` })));
  const line = ['mirror', 'prune', '--lock', inside('lock.yaml'), '-o', 'json'];
  const running = args.includes('--from') ? [] : ['--no-running'];
  const { code, out, err } = await run([...line, ...running, ...args]);
  if (out === '') return { code, err, report: null, said: [] };
  const report = JSON.parse(out) as PruneReport;
  assertFits('schemas/prune-report.schema.json', report);
  const said = report.repositories.flatMap(({ removals }) =>
    removals.map(({ tags: names, result, detail }) => [names.join('+'), result, detail].filter(Boolean).join(' ')),
  );
  return { code, err, report, said };
}

const deletions = (requests: readonly string[]): string[] => requests.filter((one) => one.startsWith('DELETE'));

test('only by digest, only with --yes', async () => {
  await using registry = await mirror();
  assert.deepEqual((await prune(registry.host)).said, ['2 planned']);
  assert.deepEqual(deletions(registry.requests), []);
  const { code, said, report } = await prune(registry.host, '--yes');
  assert.deepEqual([code, said, report?.repositories[0]?.keptTags], [0, ['2 removed'], ['1']]);
  assert.deepEqual(deletions(registry.requests), [`DELETE /v2/m/app/manifests/${old.digest}`]);
});

test('a tag of the same digest as a kept one stays', async () => {
  await using registry = await mirror([], image('m/app:2', kept));
  const { report } = await prune(registry.host, '--yes');
  assert.deepEqual(report?.repositories[0]?.keptTags, ['1', '2']);
  assert.deepEqual(deletions(registry.requests), []);
});

test('a registry that does not delete is told with its setting, and the rest is not tried', async () => {
  const off = refuse(405, 'UNSUPPORTED', 'The operation is unsupported.');
  await using registry = await mirror(
    [
      [/tags\/list/, tags('1', '2', '3')],
      [/^DELETE/, off],
    ],
    image('m/app:3', other),
  );
  const { code, said } = await prune(registry.host, '--yes');
  assert.equal(code, 1);
  assert.match(said[0] ?? '', /failed .* does not delete .*storage\.delete\.enabled: true/);
  assert.match(said[1] ?? '', /not-tried/);
  assert.equal(deletions(registry.requests).length, 1);
});

test('a redirect of a deletion is not followed', async () => {
  await using elsewhere = await mirror();
  const redirect: Handler = (_, response) =>
    response.writeHead(307, { location: `${elsewhere.base}/v2/m/app/manifests/${old.digest}` }).end();
  await using registry = await mirror([[/^DELETE/, redirect]]);
  const { code, said } = await prune(registry.host, '--yes', '--registry', `http://${elsewhere.host}`);
  assert.equal(code, 1);
  assert.match(said[0] ?? '', /2 failed .*redirect \(307\); not followed/);
  assert.deepEqual(elsewhere.requests, []);
});

test('where a tag is pushed between the look and the deletion, nothing goes', async () => {
  let asked = 0;
  await using registry = await mirror(
    [[/tags\/list/, (...both) => tags(...((asked += 1) > 1 ? ['1', '2', 'new'] : ['1', '2']))(...both)]],
    image('m/app:new', old),
  );
  const { code, said } = await prune(registry.host, '--yes');
  assert.deepEqual([code, said], [1, ['2 failed the tag new was pushed meanwhile: run it again']]);
  assert.deepEqual(deletions(registry.requests), []);
});

test('a repository that cannot be seen whole is left alone', async () => {
  const no = refuse(403, 'DENIED', 'no');
  const odd = { mediaType: 'application/x-new', bytes: Buffer.from('{"mediaType":"application/x-new"}') };
  const cases: Record<string, Parameters<typeof mirror>> = {
    manifest: [[[/^GET \/v2\/m\/app\/manifests\/sha256/, no]]],
    tags: [[[/^GET \/v2\/m\/app\/tags/, no]]],
    referrers: [[[/^GET \/v2\/m\/app\/referrers/, no]]],
    'kind that is not known': [[], image('m/app:2', { ...old, manifest: odd, digest: sha256(odd.bytes) })],
    'tag without its manifest': [[], { 'm/app:2': other.manifest }],
  };
  for (const [name, [answers, more]] of Object.entries(cases)) {
    await using registry = await mirror(answers, more);
    const { code, report } = await prune(registry.host, '--yes');
    assert.deepEqual([code, report?.summary.untouched, deletions(registry.requests)], [3, 1, []], name);
  }
});

test('a catalog is read page by page; where there is none, what the locks name is all', async () => {
  const second = json(200, { repositories: ['m/gone', 'mine/app'] });
  const first = json(200, { repositories: ['m/app', 'm/own/x'] }, { link: '</v2/_catalog?last=m%2Fown>; rel="next"' });
  await using registry = await mirror([
    [/^GET \/v2\/_catalog\?last=/, second],
    [/^GET \/v2\/_catalog/, first],
    [/^GET \/v2\/m\/gone\/tags/, tags()],
  ]);
  const own = `  allowedPrefixes: ["${registry.host}/m/own"]\n`;
  const { report } = await prune(registry.host, '--policy', policy(registry.host, own));
  assert.deepEqual(
    report?.repositories.map(({ repository }) => repository.slice(registry.host.length + 1)),
    ['m/app', 'm/gone'],
  );

  await using silent = await mirror([[/_catalog/, refuse(401, 'UNAUTHORIZED', 'admins only')]]);
  const without = await prune(silent.host, '--policy', policy(silent.host));
  assert.deepEqual(
    without.report?.unlisted.map(({ prefix }) => prefix),
    [`${silent.host}/m`],
  );
  assert.deepEqual(without.said, ['2 planned']);
});

test('what the cluster needs stays; a cluster that cannot be read is exit code 3 and no deletion', async () => {
  await using registry = await mirror();
  const record = (name: string, files: Readonly<Record<string, readonly unknown[]>>): string => {
    mkdirSync(inside(name), { recursive: true });
    for (const [resource, items] of Object.entries(files))
      writeFileSync(inside(`${name}/${resource}.json`), JSON.stringify({ kind: 'List', items }));
    return inside(name);
  };
  const pod = (written: string, imageID: string) => ({
    metadata: { name: 'p', namespace: 'n' },
    spec: { containers: [{ name: 'c', image: written }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'c', imageID }] },
  });
  const config = Object.keys(old.blobs)[0] ?? '';
  const template = { spec: { containers: [{ image: 'app:2' }] } };
  const owners = [{ kind: 'Deployment', name: 'd', uid: 'u' }];
  for (const [name, files, expected] of [
    ['by-digest', { pods: [pod('other:9', `other@${old.digest}`)] }, []],
    ['by-config', { pods: [pod('other:9', config)] }, []],
    ['by-policy', { pods: [pod('docker.io/app:2', '')] }, []],
    ['by-end-of-name', { pods: [pod('quay.io/m/app:2', '')] }, []],
    ['finished', { pods: [{ ...pod('app:2', ''), status: { phase: 'Succeeded' } }] }, ['2 planned']],
    ['another', { pods: [pod('app:3', '')] }, ['2 planned']],
    ['at-rest', { pods: [], 'cronjobs.batch': [{ spec: { jobTemplate: { spec: { template } } } }] }, []],
    [
      'old',
      { pods: [], 'replicasets.apps': [{ metadata: { ownerReferences: owners }, spec: { template } }] },
      ['2 planned'],
    ],
  ] as const) {
    const from = record(name, files);
    const args = name === 'by-policy' || name === 'at-rest' || name === 'old' ? ['--policy', hub(registry.host)] : [];
    assert.deepEqual((await prune(registry.host, '--from', from, ...args)).said, expected, name);
  }
  const both = ['--from', record('by-digest', {}), '--from', record('another', {})];
  assert.deepEqual((await prune(registry.host, ...both)).said, [], 'what either of two clusters needs stays');
  const blind = await prune(registry.host, '--from', record('nothing', { nodes: [] }), '--yes');
  assert.deepEqual([blind.code, deletions(registry.requests)], [3, []]);
  assert.match(blind.err, /pods of .* cannot be read, so it is not known what it needs/);
});

/** Of docker.io/library, so that `app` is what a pod writes. */
function hub(host: string): string {
  const file = policy(host);
  writeFileSync(file, readFileSync(file, 'utf8').replace('docker.io,', 'docker.io/library,'));
  return file;
}

test('without a scope, or with locks that pin nothing, nothing is looked at', async () => {
  writeFileSync(inside('lock.yaml'), JSON.stringify(lockOf({ 'reg.example/own/app:1': 'reg.example/own/app:1' })));
  const line = ['mirror', 'prune', '--no-running', '--lock', inside('lock.yaml')];
  const nowhere = await run(line);
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.err, /Nothing says which repositories are the mirror/);
  assert.match((await run([...line, '--repository', 'nginx'])).err, /not a repository with its host/);
  writeFileSync(inside('lock.yaml'), JSON.stringify(lockOf({})));
  assert.match((await run(line)).err, /hold no image/);
});
