import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { beginContents, folderLock } from '../../../../plugin/supply/mirror/folder/contents.ts';
import { fillFolder } from '../../../../plugin/supply/mirror/folder/folder.ts';
import { copiesOf } from '../../../../plugin/supply/mirror/copies.ts';
import { registries } from '../../../../plugin/supply/mirror/end.ts';
import { workspace } from '../../commands/workspace.ts';
import { digest, lockedImage, lockOf } from './lock.ts';

const place = path.join(workspace({}), 'images');
const named = (): (string | undefined)[] => {
  const { manifests } = JSON.parse(readFileSync(path.join(place, 'index.json'), 'utf8')) as {
    manifests: { annotations?: Record<string, string> }[];
  };
  return manifests.map(({ annotations }) => annotations?.['org.opencontainers.image.ref.name']);
};
const image = (name: string, letter: string, mirror = `mirror.example/${name}`): ReturnType<typeof lockedImage> =>
  lockedImage(`quay.io/acme/${name}`, mirror, letter, { 'linux/amd64': { manifest: 'b', config: 'c', layers: 'd' } });

test('a folder names what has come, and has its lock only while all of it is there', async () => {
  const folder = await fillFolder(place);
  const lock = { text: 'the lock', file: '/elsewhere/airgap.lock.yaml' };
  const signature = { subject: digest('a'), artifactType: 'x/y', mediaType: 'm', size: 1, blobs: [] };
  const app = {
    ...image('app:1', 'a'),
    artifacts: [
      { ...signature, tag: 'sha256-a.sig', digest: digest('e') },
      { ...signature, tag: null, digest: digest('f') },
    ],
  };
  const first = await beginContents(folder, lock);
  await first.add(app);
  assert.deepEqual(named(), ['quay.io/acme/app:1', 'quay.io/acme/app:sha256-a.sig', undefined]);
  assert.ok(!existsSync(path.join(place, folderLock)));
  await first.complete();
  assert.equal(readFileSync(path.join(place, folderLock), 'utf8'), 'the lock');

  const again = await beginContents(folder, lock);
  await again.add(app);
  assert.ok(existsSync(path.join(place, folderLock)), 'the same lock stays while nothing is missing');
  await again.spoil();
  assert.ok(!existsSync(path.join(place, folderLock)));
  await again.complete();
  assert.equal(named().length, 3);

  await beginContents(folder, { ...lock, text: 'another lock' });
  assert.ok(!existsSync(path.join(place, folderLock)));
  assert.deepEqual(named(), []);
  await assert.rejects(
    beginContents(folder, { ...lock, file: path.join(place, folderLock) }),
    /cp .* airgap\.lock\.yaml|cannot be what it is filled from/,
  );
});

test('different images with one place in the mirror are both missed, the same one is not', () => {
  const sizes = { c: 1, d: 1 };
  const place = 'mirror.example/app:1';
  const clash = copiesOf(lockOf([image('app:1', 'a', place), image('app:2', '1', place)], sizes), registries);
  assert.deepEqual([clash.copies.length, clash.leftOut.map(({ missed }) => missed)], [0, [true, true]]);
  const same = copiesOf(lockOf([image('app:1', 'a', place), image('app:2', 'a', place)], sizes), registries);
  assert.deepEqual([same.copies.length, same.leftOut], [2, []]);
});
