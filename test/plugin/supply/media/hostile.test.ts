import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkMedia } from '../../../../plugin/supply/media/check.ts';
import { loadVolumes } from '../../../../plugin/supply/media/load.ts';
import { manifestName, manifestText, readManifest, type Member } from '../../../../plugin/supply/media/manifest.ts';
import { packFolder } from '../../../../plugin/supply/media/pack.ts';
import { endOfArchive, header, padding } from '../../../../plugin/supply/media/tar.ts';
import { imagesFolder, noise, scratch } from './images-folder.ts';

const at = scratch();
const quiet = { signal: new AbortController().signal, progress: () => undefined };
imagesFolder(at('images'), { 'r.example/app:1': [noise(2000, 'a'), noise(30_000, 'b')] });
const { volumes } = await packFolder({
  folder: at('images'),
  to: at('usb'),
  volumeSize: 20 * 1024,
  since: undefined,
  only: [],
  ...quiet,
});
const packed = volumes.map(({ file }) => readFileSync(file));
const [first = Buffer.alloc(0)] = packed;

const faultsOf = async (bytes: Buffer): Promise<number> => {
  writeFileSync(at('it.tar'), bytes);
  return (await checkMedia({ paths: [at('it.tar')], ...quiet })).faults.length;
};

test('any byte of a volume that is changed, lost or added is found', async () => {
  assert.equal(await faultsOf(first), 0);
  await fc.assert(
    fc.asyncProperty(fc.nat(first.length - 1), fc.integer({ min: 1, max: 255 }), async (position, flip) => {
      const bytes = Buffer.from(first);
      bytes.writeUInt8(bytes.readUInt8(position) ^ flip, position);
      assert.equal(await faultsOf(bytes), 1);
    }),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(first.length - 1), async (length) => {
      assert.equal(await faultsOf(first.subarray(0, length)), 1);
    }),
    { numRuns: 20 },
  );
  assert.equal(await faultsOf(Buffer.concat([first, Buffer.alloc(1)])), 1);
});

test('arbitrary bytes are no volume, also behind a good beginning', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.nat(2), async (bytes, start) => {
      const before = [Buffer.alloc(0), first.subarray(0, 512), header(manifestName, bytes.length)][start];
      assert.equal(await faultsOf(Buffer.concat([before ?? Buffer.alloc(0), bytes])), 1);
    }),
    { numRuns: 60 },
  );
});

/** A volume with a manifest of our choice, correct in every other respect. */
function volume(members: readonly Member[], contents: readonly Buffer[], name: (member: Member) => string): Buffer {
  const sum = '0'.repeat(64);
  const text = Buffer.from(manifestText({ set: sum, lock: sum, since: null, volume: 1, volumes: 1, members }));
  const filled = (bytes: Buffer): Buffer[] => [bytes, Buffer.alloc(padding(bytes.length))];
  return Buffer.concat([
    header(manifestName, text.length),
    ...filled(text),
    ...members.flatMap((member, index) => [
      header(name(member), member.size),
      ...filled(contents[index] ?? Buffer.alloc(0)),
    ]),
    endOfArchive,
  ]);
}

test('no path, link or second copy in a volume leads anywhere', async () => {
  const content = Buffer.from('root::0:0::/:/bin/sh\n');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const member = (where: string): Member => ({ path: where, size: content.length, sha256, part: null });
  const good = member(`blobs/sha256/${sha256}`);
  const evil = [
    '../../etc/passwd',
    '/etc/passwd',
    'blobs/sha256/../../x',
    'blobs/sha256/short',
    `blobs/sha256/${'0'.repeat(64)}`,
  ];
  for (const where of evil) assert.equal(await faultsOf(volume([member(where)], [content], ({ path: p }) => p)), 1);
  assert.equal(await faultsOf(volume([good], [content], () => '../../etc/passwd')), 1);
  assert.equal(await faultsOf(volume([good, good], [content, content], ({ path: p }) => p)), 1);
  const link = volume([good], [content], ({ path: p }) => p);
  link.write('2', 512 * 4 + 156);
  assert.equal(await faultsOf(volume([good], [content], ({ path: p }) => p)), 0);
  assert.equal(await faultsOf(link), 1);
});

test('parts that do not make up their file are found, and never take its name', async () => {
  const content = noise(1000, 'c');
  const whole = createHash('sha256').update(noise(5, 'another')).digest('hex');
  const part = (number: number): Member => ({
    path: `blobs/sha256/${whole}`,
    size: 500,
    sha256: createHash('sha256')
      .update(content.subarray(number * 500 - 500, number * 500))
      .digest('hex'),
    part: { number, of: 2, offset: number * 500 - 500, size: 1000, sha256: whole },
  });
  const name = ({ path: p, part: of }: Member): string => `${p}.part000${of?.number}`;
  const bytes = volume([part(1), part(2)], [content.subarray(0, 500), content.subarray(500)], name);
  assert.equal(await faultsOf(bytes), 0);
  const { faults } = await loadVolumes({
    paths: [at('it.tar')],
    folder: at('joined'),
    restart: false,
    fill: null,
    ...quiet,
  });
  assert.match(faults[0]?.why ?? '', /not parts of one file/);
  assert.deepEqual(
    globSync('blobs/**', { cwd: at('joined') }).filter((file) => file.includes(whole)),
    [],
  );
});

test('a manifest of a newer release is told as that', () => {
  const text = first.subarray(512, first.indexOf('\n') + 1).toString();
  assert.equal(readManifest(text.replace('v1alpha1', 'v2')), 'newer');
  assert.equal(readManifest('{"kind":"Pod"}\n'), 'no-volume');
  assert.equal(readManifest(text.replace('blobs/', 'blobs\\/')), 'damaged');
});
