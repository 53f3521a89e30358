import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { run } from '../../commands/run.ts';
import { digestOf, imagesFolder, noise, scratch } from './images-folder.ts';
import { assertFits } from '../../../schema.ts';

const at = scratch();
const blobs = imagesFolder(at('images'), { 'r.example/app:1': [noise(30_000, 'a'), noise(25_000, 'b')] });

async function document(code: number, ...line: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await run(['mirror', ...line, '-o', 'json']);
  assert.equal(ran.code, code, ran.out + ran.err);
  const json = JSON.parse(ran.out) as Record<string, unknown>;
  assertFits('schemas/media-report.schema.json', json);
  return json;
}

test('pack, load and check print one document each, as the schema says', async () => {
  const ways = ['--from', `dir:${at('images')}`, '--to', `dir:${at('usb')}`, '--volume-size', '40KiB'];
  const part = await document(0, 'pack', ...ways, '--only', '2');
  assert.deepEqual(
    (part['volumes'] as { done: string }[]).map(({ done }) => done),
    ['not-asked', 'written'],
  );
  const packed = await document(0, 'pack', ...ways);
  assert.deepEqual(
    (packed['volumes'] as { done: string }[]).map(({ done }) => done),
    ['written', 'kept'],
  );
  assert.deepEqual(packed['carried'], { blobs: blobs.size, bytes: Buffer.concat([...blobs.values()]).length });
  const [first = '', second = ''] = globSync(`${at('usb')}/*.tar`).toSorted();

  const begun = await document(1, 'load', first, first, '--to', `dir:${at('inside')}`);
  assert.deepEqual([begun['loaded'], begun['missing'], begun['images']], [[1], [2], null]);
  const ended = await document(0, 'load', second, '--to', `dir:${at('inside')}`);
  assert.deepEqual([ended['loaded'], ended['missing'], ended['images']], [[2], [], 1]);

  const bytes = readFileSync(second);
  writeFileSync(at('bad.tar'), bytes.fill(7, 5000, 5001));
  const checked = await document(1, 'check', at('bad.tar'), first, at('inside'));
  const { good, folders, faults } = checked as Record<string, unknown[]>;
  assert.deepEqual([good?.length, folders?.length, faults?.length], [1, 1, 1]);
  const yaml = await run(['mirror', 'check', first, '-o', 'yaml']);
  assert.equal((parse(yaml.out) as { kind: string }).kind, 'MirrorCheckReport');
});

test('a delta without its base is told with every digest, and by which lock it was left out', async () => {
  imagesFolder(at('newer'), { 'r.example/app:2': [noise(30_000, 'a'), noise(10, 'c')] });
  const since = path.join(at('images'), 'airgap.lock.yaml');
  await document(0, 'pack', '--from', `dir:${at('newer')}`, '--to', `dir:${at('delta')}`, '--since', since);
  const loaded = await document(1, 'load', at('delta'), '--to', `dir:${at('nothing')}`);
  assert.deepEqual(loaded['lacking'], {
    digests: [digestOf(noise(30_000, 'a'))],
    bytes: 30_000,
    since: digestOf(readFileSync(since)).slice('sha256:'.length),
    why: null,
  });
});

test('an index with more platforms than the lock is carried with all that the folder has of it', async () => {
  const locked = imagesFolder(at('whole'), { 'r.example/app:1': [noise(30, 'a')] });
  const put = (bytes: Buffer): { digest: string; size: number; mediaType: string } => {
    writeFileSync(path.join(at('whole'), digestOf(bytes).replace('sha256:', 'blobs/sha256/')), bytes);
    return { digest: digestOf(bytes), size: bytes.length, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
  };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const image = { schemaVersion: 2, mediaType, config: put(noise(5, 'd')), layers: [put(noise(6, 'e'))] };
  const absent = { ...image.config, digest: `sha256:${'0'.repeat(64)}` };
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [put(Buffer.from(JSON.stringify(image))), absent],
  };
  writeFileSync(
    path.join(at('whole'), 'index.json'),
    JSON.stringify({ manifests: [put(Buffer.from(JSON.stringify(index)))] }),
  );
  const packed = await document(0, 'pack', '--from', `dir:${at('whole')}`, '--to', `dir:${at('all')}`);
  assert.equal((packed['carried'] as { blobs: number }).blobs, locked.size + 4);
});
