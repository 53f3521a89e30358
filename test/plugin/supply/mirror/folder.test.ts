import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { blobPath, fillFolder, openFolder } from '../../../../plugin/supply/mirror/folder/folder.ts';

const parent = mkdtempSync(path.join(tmpdir(), 'airgap-folder-'));
after(() => rmSync(parent, { recursive: true }));

const bytes = Buffer.from('the bytes of a blob');
const digest = (algorithm: string): string => `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;

test('a blob is in its place only with its digest, and a damaged one is seen and taken away', async () => {
  const folder = await fillFolder(path.join(parent, 'blobs'));
  for (const name of [digest('sha256'), digest('sha512')]) {
    const wrong = await folder.incoming();
    await wrong.write(bytes.subarray(1));
    assert.equal(await wrong.finish(name), false);
    assert.equal(await folder.check(name), 'absent');
    const incoming = await folder.incoming();
    await incoming.write(bytes.subarray(0, 4));
    await incoming.write(bytes.subarray(4));
    assert.equal(incoming.length(), bytes.length);
    assert.equal(await folder.size(name), null);
    assert.equal(await incoming.finish(name), true);
    assert.equal(await folder.size(name), bytes.length);
    assert.equal(await folder.check(name), 'good');
  }
  appendFileSync(blobPath(folder.path, digest('sha256')), '!');
  const again = await openFolder(folder.path);
  assert.equal(await again.check(digest('sha256')), 'damaged');
  await again.discard(digest('sha256'));
  assert.equal(await again.check(digest('sha256')), 'absent');
  assert.ok((await folder.free()) > 0);
});

test('what a killed run left is cleared away, and what a living one writes is not', async () => {
  const place = path.join(parent, 'left');
  mkdirSync(path.join(place, '.incoming-999999999'), { recursive: true });
  mkdirSync(path.join(place, '.incoming-1'));
  writeFileSync(path.join(place, '.incoming-999999999', 'half'), 'half');
  writeFileSync(path.join(place, 'index.json.999999999.half'), '{');
  writeFileSync(path.join(place, 'my.own.999999999'), 'not ours');
  const folder = await fillFolder(place);
  assert.deepEqual(readdirSync(place).toSorted(), ['.incoming-1', 'blobs', 'my.own.999999999', 'oci-layout']);
  const cancelled = await folder.incoming();
  await cancelled.write(bytes);
  await cancelled.cancel();
  assert.deepEqual(readdirSync(path.join(place, `.incoming-${process.pid}`)), []);
  await folder.clear();
  assert.ok(!existsSync(path.join(place, `.incoming-${process.pid}`)));
  assert.match(readFileSync(path.join(place, 'oci-layout'), 'utf8'), /"imageLayoutVersion":"1\.0\.0"/);
});

test('a folder without images, or one that cannot be written, is told in a sentence', async () => {
  await assert.rejects(openFolder(parent), /holds no images/);
  writeFileSync(path.join(parent, 'file'), '');
  await assert.rejects(fillFolder(path.join(parent, 'file')), /cannot be written/);
  assert.ok(!existsSync(path.join(parent, 'file', 'blobs')));
});
