import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { run } from '../../commands/run.ts';
import { imagesFolder, noise, scratch } from './images-folder.ts';

// A write to /dev/full fails as one to a disk without room does.
const full = '/dev/full';
const at = scratch();
imagesFolder(at('images'), { 'r.example/app:1': [noise(30_000, 'a'), noise(20_000, 'b')] });
const pack = () =>
  run(['mirror', 'pack', '--from', `dir:${at('images')}`, '--to', `dir:${at('usb')}`, '--volume-size', '40KiB']);
const load = (...paths: readonly string[]) => run(['mirror', 'load', ...paths, '--to', `dir:${at('inside')}`]);
const volumes = (): string[] => globSync(`${at('usb')}/*.tar`).toSorted();

test('a medium that is full is said, keeps what is whole, and the same command goes on', async () => {
  await pack();
  const [first = '', second = ''] = volumes();
  const [kept, lost] = [readFileSync(first), readFileSync(second)];
  rmSync(second);
  symlinkSync(full, `${second}.part`);
  const { code, err } = await pack();
  assert.equal(code, 3);
  assert.match(
    err,
    /^error: The disk is full: .*-2-of-2\.tar could not be written\.\nMake room there\. The same command/,
  );
  assert.ok(!existsSync(second));
  assert.deepEqual(readFileSync(first), kept);
  assert.match((await pack()).out, /-1-of-2\.tar .*was there and is whole\n.*-2-of-2\.tar .*written\n/);
  assert.deepEqual(readFileSync(second), lost);
});

test('a disk that is full while volumes are loaded is said, and nothing half-written is taken for good', async () => {
  const [first = '', second = ''] = volumes();
  await load(second);
  const blob = globSync(`${at('images')}/blobs/sha256/*`).find((file) => !existsSync(file.replace('images', 'inside')));
  assert.ok(blob !== undefined);
  const half = path.join(at('inside'), '.airgap-load', `${path.basename(blob)}.${process.pid}`);
  symlinkSync(full, half);
  const { code, err } = await load(first);
  assert.equal(code, 3);
  assert.match(
    err,
    /^error: The disk is full: .*inside could not be written\.\nMake room there\. The same command then/,
  );
  assert.ok(!existsSync(path.join(at('inside'), 'airgap.lock.yaml')));
  assert.ok(!existsSync(blob.replace('images', 'inside')));
  assert.equal((await load(first)).code, 0);
  assert.deepEqual(readFileSync(blob.replace('images', 'inside')), readFileSync(blob));
});
