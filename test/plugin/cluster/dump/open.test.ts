import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openDump } from '../../../../plugin/cluster/dump/open.ts';
import type { ResourceType } from '../../../../plugin/cluster/kinds.ts';
import type { Gap } from '../../../../plugin/cluster/snapshot.ts';
import { record } from '../../../../shared/kube/json.ts';
import { pack } from './archive-files.ts';

const type = (plural: string, kind: string, group = ''): ResourceType => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});
const pods = type('pods', 'Pod');
const pod = (name: string, namespace = 'web'): object => ({ kind: 'Pod', metadata: { name, namespace } });

interface Read {
  names: string[];
  gap: Gap | null;
}

/** Opens the files as a folder and as an archive, which must be read alike. */
async function read(files: Record<string, unknown>, wanted: ResourceType = pods, options: object = {}): Promise<Read> {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-dump-'));
  try {
    const texts: Record<string, string> = {};
    for (const [name, content] of Object.entries(files)) {
      texts[name] = typeof content === 'string' ? content : JSON.stringify(content);
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), texts[name]);
    }
    const archive = path.join(folder, '..', `${path.basename(folder)}.tar.gz`);
    writeFileSync(archive, await pack(texts, 'some-folder/'));
    const results: Read[] = [];
    for (const source of [folder, archive]) {
      const cluster = await openDump(source);
      const names: string[] = [];
      const gap = await cluster.list(wanted, (raw) => names.push(String(record(raw['metadata'])['name'])), options);
      results.push({ names, gap: gap && { ...gap, reason: gap.reason.replace('some-folder/', '') } });
    }
    rmSync(archive);
    assert.deepEqual(results[0], results[1]);
    return results[0] as Read;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('what kubectl get prints is a dump: a List, a PodList, one object, YAML', async () => {
  const items = [pod('a'), pod('b')];
  for (const files of [
    { 'pods.json': { kind: 'List', items } },
    { 'pods.json': { kind: 'PodList', items: items.map((item) => ({ ...item, kind: undefined })) } },
    {
      'pods.yaml':
        'apiVersion: v1\nitems:\n- kind: Pod\n  metadata: {name: a}\n- kind: Pod\n  metadata: {name: b}\nkind: List\n',
    },
    { 'pods.yml': '- metadata: {name: a}\n- metadata: {name: b}\n' },
  ])
    assert.deepEqual(await read(files), { names: ['a', 'b'], gap: null });
  assert.deepEqual(await read({ 'pods.json': pod('a') }), { names: ['a'], gap: null });
  const deployments = type('deployments', 'Deployment', 'apps');
  for (const name of ['deployments.json', 'deployments.apps.json'])
    assert.deepEqual(await read({ [name]: { kind: 'List', items: [{ metadata: { name: 'd' } }] } }, deployments), {
      names: ['d'],
      gap: null,
    });
});

test('kubectl cluster-info dump: a folder for each namespace', async () => {
  const files = {
    'nodes.json': { kind: 'NodeList', items: [{ metadata: { name: 'n' } }] },
    'default/pods.json': { kind: 'PodList', items: [{ metadata: { name: 'a', namespace: 'default' } }] },
    'kube-system/pods.json': { kind: 'PodList', items: [{ metadata: { name: 'b', namespace: 'kube-system' } }] },
    'kube-system/replication-controllers.json': {
      kind: 'ReplicationControllerList',
      items: [{ metadata: { name: 'rc' } }],
    },
    'kube-system/b/logs.txt': 'lines',
  };
  assert.deepEqual(await read(files), { names: ['a', 'b'], gap: null });
  assert.deepEqual(await read(files, pods, { namespace: 'default' }), { names: ['a'], gap: null });
  assert.deepEqual(await read(files, type('replicationcontrollers', 'ReplicationController')), {
    names: ['rc'],
    gap: null,
  });
  assert.deepEqual(await read(files, { ...type('nodes', 'Node'), namespaced: false }), { names: ['n'], gap: null });
});

test('a Troubleshoot support bundle, old (bare arrays) and new, with what it could not read', async () => {
  const files = {
    'version.yaml': 'apiVersion: troubleshoot.sh/v1beta2\n',
    'pods.json': { kind: 'List', items: [pod('not of the bundle')] },
    'cluster-resources/pods/default.json': { kind: 'PodList', items: [{ metadata: { name: 'a' } }] },
    'cluster-resources/pods/web.json': [{ metadata: { name: 'b' } }],
    'cluster-resources/pods-errors.json': null,
    'cluster-resources/pods/logs/web/b/c.log': 'lines',
    'cluster-resources/events/web.json': [],
    'cluster-resources/events-errors.json': { web: 'events is forbidden: User "x" cannot list resource "events"' },
    'cluster-resources/custom-resource-definitions.json': [{ metadata: { name: 'crd' } }],
    'cluster-resources/custom-resources/certificates.cert-manager.io/web.json': [{ metadata: { name: 'cert' } }],
    'cluster-resources/auth-cani-list/pods.json': [{ metadata: { name: 'no pod' } }],
  };
  assert.deepEqual(await read(files), { names: ['a', 'b'], gap: null });
  assert.equal((await read(files, type('events', 'Event'))).gap?.why, 'forbidden');
  assert.deepEqual(
    (await read(files, type('customresourcedefinitions', 'CustomResourceDefinition', 'apiextensions.k8s.io'))).names,
    ['crd'],
  );
  assert.deepEqual((await read(files, type('certificates', 'Certificate', 'cert-manager.io'))).names, ['cert']);
});

test('what the dump lacks is absent, what could not be read is what meta.json says', async () => {
  const files = {
    'pods.json': { kind: 'List', items: [pod('a')] },
    'meta.json': {
      schemaVersion: 1,
      gaps: [
        { resource: 'secrets', why: 'forbidden', reason: 'you may not list secrets' },
        { resource: 'pods', why: 'failed', reason: 'broke off' },
      ],
    },
  };
  assert.deepEqual(await read(files, type('nodes', 'Node')), {
    names: [],
    gap: { why: 'absent', reason: 'the recording does not hold nodes' },
  });
  assert.deepEqual(await read(files, type('secrets', 'Secret')), {
    names: [],
    gap: { why: 'forbidden', reason: 'you may not list secrets' },
  });
  assert.deepEqual(await read(files), { names: ['a'], gap: { why: 'failed', reason: 'broke off' } });
});

test('a file that holds something else costs only its own resource', async () => {
  const bad: Record<string, unknown> = {
    'not JSON at byte 5': 'hello',
    'holds a ServiceList where a Pod was expected': { kind: 'ServiceList', items: [] },
    'holds a Service where a Pod was expected': { kind: 'List', items: [{ kind: 'Service' }] },
    'holds values that are no objects where a Pod was expected': { kind: 'List', items: ['a'] },
    'it ends too early at byte 27': '{"kind":"PodList","items":[',
  };
  for (const [reason, content] of Object.entries(bad)) {
    const { gap } = await read({ 'pods.json': content, 'nodes.json': [] });
    assert.equal(gap?.why, 'failed');
    assert.ok(gap?.reason.endsWith(reason), gap?.reason);
  }
  const nodes = await read(
    { 'pods.json': 'hello', 'nodes.json': [{ metadata: { name: 'n' } }] },
    type('nodes', 'Node'),
  );
  assert.deepEqual(nodes, { names: ['n'], gap: null });
});

test('a message of ten megabytes is cut, an object of seventeen is passed over, and the rest is read', async () => {
  const long = (name: string, megabytes: number): object => ({
    ...pod(name),
    status: { message: 'x'.repeat(megabytes << 20) },
  });
  const { names, gap } = await read({
    'pods.json': { kind: 'List', items: [pod('a'), long('b', 10), long('c', 17), pod('d')] },
  });
  assert.deepEqual(names, ['a', 'b', 'd']);
  assert.equal(gap?.reason, 'pods.json holds objects larger than 16 MiB, of which 1 was passed over');
});

test('a field selector holds for a dump too', async () => {
  const items = [
    { type: 'Warning', metadata: { name: 'w' } },
    { type: 'Normal', metadata: { name: 'n' } },
  ];
  const files = { 'events.json': { kind: 'List', items } };
  assert.deepEqual((await read(files, type('events', 'Event'), { fieldSelector: 'type=Warning' })).names, ['w']);
  assert.deepEqual(
    (await read(files, type('events', 'Event'), { fieldSelector: 'type!=Warning,metadata.name=n' })).names,
    ['n'],
  );
});

test('a folder’s links are not followed', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-dump-'));
  try {
    writeFileSync(path.join(folder, 'nodes.json'), '[]');
    writeFileSync(path.join(folder, 'elsewhere'), JSON.stringify([pod('a')]));
    symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, 'pods.json'));
    const cluster = await openDump(folder);
    assert.equal((await cluster.list(pods, () => assert.fail('followed')))?.why, 'absent');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
