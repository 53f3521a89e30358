import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../../commands/run.ts';
import { digestOf, imagesFolder, noise, scratch } from './images-folder.ts';

const at = scratch();
const base = noise(90_000, 'base');
const blobs = imagesFolder(at('images'), {
  'r.example/app:1': [base, noise(3000, 'app 1')],
  'r.example/db:1': [noise(20_000, 'db'), Buffer.alloc(0)],
});
const pack = (from: string, to: string, ...flags: readonly string[]) =>
  run(['mirror', 'pack', '--from', `dir:${at(from)}`, '--to', `dir:${at(to)}`, '--volume-size', '40KiB', ...flags]);
const load = (to: string, ...volumes: readonly string[]) =>
  run(['mirror', 'load', ...volumes, '--to', `dir:${at(to)}`]);
const check = (...paths: readonly string[]) => run(['mirror', 'check', ...paths.map(at)]);
const volumesIn = (folder: string): string[] => globSync(`${at(folder)}/*.tar`).toSorted();
const volume = (folder: string, number: number): string => volumesIn(folder)[number - 1] ?? '';

function sumOf(file: string): string {
  return digestOf(readFileSync(file)).slice('sha256:'.length);
}

function same(one: string, other: string): void {
  for (const name of ['oci-layout', 'index.json', 'airgap.lock.yaml'])
    assert.deepEqual(readFileSync(path.join(at(one), name)), readFileSync(path.join(at(other), name)), name);
  const names = readdirSync(path.join(at(one), 'blobs/sha256'));
  for (const name of names) {
    const file = path.join('blobs/sha256', name);
    assert.deepEqual(readFileSync(path.join(at(other), file)), readFileSync(path.join(at(one), file)), name);
  }
}

test('a folder packed into small volumes and loaded in any order is the same folder', async () => {
  const packed = await pack('images', 'usb');
  assert.equal(packed.code, 0, packed.err);
  const volumes = volumesIn('usb');
  assert.ok(volumes.length >= 3, packed.out);
  for (const file of volumes) assert.ok(readFileSync(file).length <= 40 * 1024);
  for (const file of volumes)
    assert.equal(readFileSync(`${file}.sha256`, 'utf8'), `${sumOf(file)}  ${path.basename(file)}\n`);

  for (const [index, file] of volumes.toReversed().entries()) {
    const { code, out } = await load('inside', file);
    const last = index === volumes.length - 1;
    assert.equal(code, last ? 0 : 1, out);
    assert.match(out, last ? /is complete: 2 images\./ : /Not complete: volumes? [\d, ]+ of \d+ (is|are) missing/);
  }
  same('images', 'inside');
  assert.deepEqual(readdirSync(at('inside')).toSorted(), ['airgap.lock.yaml', 'blobs', 'index.json', 'oci-layout']);
  assert.match((await check('inside', 'usb')).out, /2 images, every blob is good/);
});

test('the same folder makes the same bytes, and what is there is kept', async () => {
  await pack('images', 'again');
  for (const [index, file] of volumesIn('usb').entries())
    assert.deepEqual(readFileSync(volume('again', index + 1)), readFileSync(file));
  writeFileSync(volume('again', 2), 'cut off');
  const { out } = await pack('images', 'again');
  assert.match(out, /-1-of-\d+\.tar .*was there and is whole/);
  assert.match(out, /-2-of-\d+\.tar .*written/);
  assert.deepEqual(readFileSync(volume('again', 2)), readFileSync(volume('usb', 2)));
});

test('tar reads a volume, so that a site without this program can put a folder together', () => {
  mkdirSync(at('by-hand'));
  for (const file of volumesIn('usb')) execFileSync('tar', ['-xf', file, '-C', at('by-hand')]);
  const parts = globSync('blobs/sha256/*.part*', { cwd: at('by-hand') }).toSorted();
  assert.ok(parts.length > 1);
  const whole = Buffer.concat(parts.map((part) => readFileSync(path.join(at('by-hand'), part))));
  assert.deepEqual(whole, base);
});

test('with --since only the difference is carried, and it needs the folder of the earlier set', async () => {
  imagesFolder(at('newer'), {
    'r.example/app:2': [base, noise(3000, 'app 2')],
    'r.example/db:1': [noise(20_000, 'db'), Buffer.alloc(0)],
  });
  const old = path.join(at('images'), 'airgap.lock.yaml');
  const { out } = await pack('newer', 'delta', '--since', old);
  assert.match(out, /with 3 blobs.*\n.*Left out.*: 5 blobs/);
  assert.equal(volumesIn('delta').length, 1);

  const lacking = await load('elsewhere', at('delta'));
  assert.equal(lacking.code, 1);
  assert.match(lacking.out, /5 blobs .* neither in the volumes nor in .*--since/s);
  assert.ok(!readdirSync(at('elsewhere')).includes('airgap.lock.yaml'));

  cpSync(at('inside'), at('upgraded'), { recursive: true });
  assert.equal((await load('upgraded', at('delta'))).code, 0);
  same('newer', 'upgraded');
  assert.equal((await check('upgraded')).code, 0);
  assert.ok(blobs.size > 0);
});

test('a volume of another set, a cut one and one with a wrong byte are told by name, and cost no other', async () => {
  cpSync(at('usb'), at('bad'), { recursive: true });
  const [one, two, three] = volumesIn('bad').map((file) => ({ file, bytes: readFileSync(file) }));
  assert.ok(one && two && three);
  one.bytes.writeUInt8(one.bytes.readUInt8(one.bytes.length - 3000) ^ 1, one.bytes.length - 3000);
  writeFileSync(one.file, one.bytes);
  writeFileSync(two.file, two.bytes.subarray(0, 2000));
  const { code, out } = await check('bad');
  assert.equal(code, 1);
  assert.match(out, /-1-of-\d\.tar: It has wrong bytes in blobs\/sha256\//);
  assert.match(out, /-2-of-\d\.tar: It is cut off: 2\.0 KiB/);
  assert.match(out, /-3-of-\d\.tar +volume 3 of \d +set \w{12} +good/);

  const loaded = await load('half', at('bad'), volume('delta', 1)).catch((error: unknown) => error);
  assert.match(JSON.stringify(loaded), /different sets/);
  const some = await load('half', at('bad'));
  assert.equal(some.code, 1);
  assert.match(some.out, /Not complete: volumes 1, 2 of/);
  const foreign = await load('half', volume('delta', 1));
  assert.match(foreign.out, /It is volume 1 of another set .* half filled/);
  assert.equal((await load('half', at('usb'))).code, 0);
  same('images', 'half');
});

test('what is no volume, no folder or no size is said in one sentence', async () => {
  mkdirSync(at('empty'));
  writeFileSync(at('text.tar'), 'x'.repeat(5000));
  assert.match((await load('new', at('text.tar'))).out, /text\.tar: It is no volume of kubectl airgap/);
  assert.match((await load('new', at('empty'))).err, /holds no volumes/);
  assert.match((await load('new', at('nowhere'))).err, /nowhere cannot be read/);
  mkdirSync(at('busy'));
  writeFileSync(path.join(at('busy'), 'thesis.txt'), '');
  assert.match((await load('busy', at('usb'))).err, /not empty/);
  assert.match((await pack('empty', 'usb')).err, /no finished set.*\n.*mirror run --to dir:/);
  for (const size of ['4 gigs', '1KiB']) assert.equal((await pack('images', 'usb', '--volume-size', size)).code, 2);
  assert.equal((await pack('images', 'usb', '--only', '99')).code, 2);
  assert.equal((await pack('images', 'usb', '--since', at('nowhere'))).code, 2);
});

test('a blob of the folder with wrong bytes is not packed', async () => {
  imagesFolder(at('rotten'), { 'r.example/app:1': [base] });
  const file = globSync(`${at('rotten')}/blobs/sha256/*`).find((name) => readFileSync(name).length === base.length);
  const bytes = readFileSync(file ?? '');
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  writeFileSync(file ?? '', bytes);
  const { code, err } = await pack('rotten', 'out');
  assert.equal(code, 3);
  assert.match(err, /is missing or has wrong bytes/);
  const found = await check('rotten');
  assert.equal(found.code, 1);
  assert.match(found.out, /wrong bytes\.\n.*mirror run --to dir:\S+\/rotten"/);
});

test('a lock of a newer version, or with a path in a name, is refused wherever it is read', async () => {
  imagesFolder(at('named'), { 'r.example/app:1': [noise(5, 'x')] });
  const file = path.join(at('named'), 'airgap.lock.yaml');
  const good = readFileSync(file, 'utf8');
  for (const [bad, expected] of [
    [good.replace('v1alpha1', 'v7'), /is of version airgap\.dev\/v7, and this program reads/],
    [good.replace('r.example/app:1', 'r.example/../../etc:1'), /is no lock of kubectl airgap/],
    [good.replaceAll('sha256:', 'sha256:../'), /is no lock of kubectl airgap/],
  ] as const) {
    writeFileSync(file, bad);
    for (const { code, err } of [
      await pack('named', 'never'),
      await pack('images', 'never', '--since', file),
      await check('named'),
    ]) {
      assert.equal(code, 2);
      assert.match(err, expected);
    }
  }
  assert.ok(!existsSync(at('never')));
});
