import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { collect } from '../../../plugin/cluster/collect.ts';
import { openDump } from '../../../plugin/cluster/dump/open.ts';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import { openLive, type LiveCluster } from '../../../plugin/cluster/live.ts';
import { record } from '../../../plugin/cluster/record.ts';
import type { KindName } from '../../../plugin/cluster/snapshot.ts';
import { withPath } from '../with-path.ts';
import { fakeApi, json, podPage, status, type FakeApi } from '../../fake/api-server.ts';

const all = new Set(Object.keys(kinds) as KindName[]);
const now = new Date('2026-11-22T12:00:00.500Z');

/** A world without the programs of this machine, whose releases a recording holds. */
const recording = (name: string, use: () => Promise<void>) => test(name, () => withPath('', use));

const cluster = (api: FakeApi): Promise<LiveCluster> => openLive(api.connection, { registries: [], now });

/** Some kinds whole, one cut short, one forbidden, one not served, the rest empty. */
function someCluster(): Promise<FakeApi> {
  return fakeApi((_, response, url) => {
    const plural = url.pathname.split('/').at(-1) ?? '';
    const token = url.searchParams.get('continue');
    if (plural === 'pods') json(response, 200, token === null ? podPage(0, 700, 'next') : podPage(700, 900));
    else if (plural === 'services')
      if (token === null)
        json(response, 200, {
          kind: 'ServiceList',
          metadata: { continue: 'x' },
          items: [{ metadata: { name: 'a', uid: '1' } }],
        });
      else status(response, 500, 'boom', {}, { 'retry-after': '0' });
    else if (plural === 'secrets') status(response, 403, 'forbidden');
    else if (url.pathname.startsWith('/apis/cert-manager.io')) status(response, 404, 'not found');
    else json(response, 200, { kind: 'List', metadata: {}, items: [] });
  });
}

recording('a recording reads as the cluster did, gaps included, and twice gives the same bytes', async () => {
  await using api = await someCluster();
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-record-'));
  try {
    const file = path.join(folder, 'dump.tar.gz');
    writeFileSync(file, 'what was there before');
    const recorded = await record(await cluster(api), file);
    assert.equal(recorded.counts.get('pods'), 900);
    assert.equal(recorded.gaps.get('secrets')?.why, 'forbidden');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['dump.tar.gz']);

    const dump = await openDump(file);
    assert.equal(dump.now.toISOString(), now.toISOString());
    assert.equal(dump.meta.serverVersion, 'v1.37.2');
    assert.deepEqual(await collect(dump, all), await collect(await cluster(api), all));

    await record(await cluster(api), path.join(folder, 'again.tar.gz'));
    assert.ok(readFileSync(file).equals(readFileSync(path.join(folder, 'again.tar.gz'))));
    assert.match(gunzipSync(readFileSync(file)).toString('latin1'), /^meta\.json/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

recording('a recording that fails leaves what was there, and nothing beside it', async () => {
  await using api = await someCluster();
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-record-'));
  try {
    const file = path.join(folder, 'dump.tar.gz');
    writeFileSync(file, 'before');
    const stop = new AbortController();
    const progress = (line: string): void => {
      if (line === 'nodes') stop.abort();
    };
    await assert.rejects(record(await cluster(api), file, { signal: stop.signal, progress }));
    assert.equal(readFileSync(file, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['dump.tar.gz']);
    await assert.rejects(record(await cluster(api), path.join(folder, 'no', 'such', 'folder.tar.gz')), {
      code: 'input',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
