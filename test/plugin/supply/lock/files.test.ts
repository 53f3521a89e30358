import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { exporters } from '../../../../plugin/supply/exports/index.ts';
import { readLock } from '../../../../plugin/supply/lock/read.ts';
import { sha256 } from '../../../fake/registry.ts';
import { run } from '../../commands/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-files-'));
after(() => rmSync(folder, { recursive: true }));
const inside = (name: string): string => path.join(folder, name);
const lockFile = inside('airgap.lock.yaml');
const list = (...files: readonly string[]): void =>
  writeFileSync(
    inside('site.yaml'),
    `apiVersion: airgap.dev/v1alpha1\nkind: ImageInventory\nfiles: ${JSON.stringify(files)}\n`,
  );
const lock = (...args: readonly string[]) => run(['lock', '-f', inside('site.yaml'), '--lock', lockFile, ...args]);
const read = () => readLock(readFileSync(lockFile, 'utf8'), lockFile);

mkdirSync(inside('charts'));
writeFileSync(inside('charts/web-1.0.0.tgz'), 'a chart');
writeFileSync(inside('tool'), 'a tool');
mkdirSync(inside('dump'));
writeFileSync(inside('dump/pods.json'), '{"kind":"List","items":[]}');

test('files are pinned by their bytes, checked, renewed by name, and dropped when nobody lists them', async () => {
  list('charts/web-1.0.0.tgz', 'tool');
  const first = await lock();
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /0 images and 2 files/);
  assert.deepEqual(
    read().files?.map(({ source, kind, digest, size, neededBy }) => [source, kind, digest, size, neededBy]),
    [
      ['charts/web-1.0.0.tgz', 'chart', sha256('a chart'), 7, [`${inside('site.yaml')}:3`]],
      ['tool', 'file', sha256('a tool'), 6, [`${inside('site.yaml')}:3`]],
    ],
  );
  assert.equal((await lock('--check')).code, 0);

  writeFileSync(inside('tool'), 'another tool');
  const behind = await lock('--check');
  assert.equal(behind.code, 1);
  assert.match(behind.out, /moved +tool +sha256/);
  await lock();
  assert.equal(read().files?.[1]?.digest, sha256('a tool'), 'what is pinned stays');
  await lock('--update', 'tool');
  assert.equal(read().files?.[1]?.digest, sha256('another tool'));

  list('charts/web-1.0.0.tgz');
  assert.match((await lock()).out, /removed +tool/);
  assert.equal(read().files?.length, 1);
});

test('what cannot be pinned is told, and is exit code 1', async () => {
  list('charts/web-1.0.0.tgz', 'https://get.example.com/install.sh', '../above.txt', 'gone.txt');
  const { code, out } = await lock();
  assert.equal(code, 1);
  assert.match(out, /not pinned: https:\/\/get\.example\.com\/install\.sh: it is an address/);
  assert.match(out, /not pinned: \.\.\/above\.txt: it is not below the folder of the lock/);
  assert.match(out, /not pinned: gone\.txt: no such file or directory\n/);
  assert.equal(read().files?.length, 1);
});

test('verify compares what lies beside the lock; hauler takes it along, and others say that they do not', async () => {
  list('charts/web-1.0.0.tgz', 'tool');
  await lock('--update', 'all');
  const verify = async (): Promise<string[]> => {
    const { out, err } = await run([
      'verify',
      '--lock',
      lockFile,
      '--no-mirror',
      '--from',
      inside('dump'),
      '-o',
      'json',
    ]);
    assert.notEqual(out, '', err);
    const { findings } = JSON.parse(out) as { findings: { difference: string; image: string; severity: string }[] };
    return findings.map(({ difference, image, severity }) => `${severity} ${difference} ${image}`);
  };
  assert.deepEqual(await verify(), []);
  const hauler = (await exporters.hauler())(read(), { plainHttp: [], name: 'site' });
  assert.match(hauler.files[0]?.text ?? '', /path: \.\/charts\/web-1\.0\.0\.tgz\n +name: web-1\.0\.0\.tgz/);
  const regsync = (await exporters.regsync())(read(), { plainHttp: [], name: 'site' });
  assert.match(regsync.warnings.join(), /charts\/web-1\.0\.0\.tgz and 1 more/);

  writeFileSync(inside('charts/web-1.0.0.tgz'), 'other bytes');
  rmSync(inside('tool'));
  assert.deepEqual(await verify(), ['error file-changed charts/web-1.0.0.tgz', 'warning file-missing tool']);
});

test('a lock whose paths lead out of its folder, or onto its own files, is refused', () => {
  const text = readFileSync(lockFile, 'utf8');
  for (const bad of ['../../etc/passwd', '/etc/passwd', 'a/../../b', 'a//b', 'blobs/x', 'airgap.lock.yaml'])
    assert.throws(() => readLock(text.replace(/source: tool/, `source: ${bad}`), 'x'), /cannot stand in a lock/);
});
