import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { AirgapError } from '../../../../shared/errors.ts';
import { anyText } from '../../../any-text.ts';
import { openDump } from '../../../../plugin/cluster/dump/open.ts';
import { BadArchive, readTar, type TarEntry } from '../../../../plugin/cluster/dump/tar.ts';
import { pack, tar } from './archive-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'airgap-archive-'));
after(() => rmSync(folder, { recursive: true }));

const pods = '{"kind":"List","items":[]}';
const fine = ['pods.json', pods] as const;

/** The error that opening these bytes ends with. */
async function refusal(bytes: Uint8Array): Promise<AirgapError> {
  const file = path.join(folder, 'dump.tar.gz');
  writeFileSync(file, bytes);
  const before = readdirSync(folder);
  try {
    await openDump(file);
  } catch (error) {
    assert.ok(error instanceof AirgapError, String(error));
    assert.deepEqual(readdirSync(folder), before);
    return error;
  }
  return assert.fail('it was opened');
}

/** Writes the checksum of a tar header. */
function seal(header: Buffer): void {
  header.fill(' ', 148, 156);
  header.write(
    header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0') + '\0 ',
    148,
    8,
    'latin1',
  );
}

const entry = (header: Parameters<typeof tar>[0][number][0], content = ''): ReturnType<typeof tar> =>
  tar([
    [header, content],
    [{ name: fine[0] }, fine[1]],
  ]);

test('a hostile archive is refused as a whole, in one sentence', async () => {
  const cases: readonly (readonly [RegExp, Promise<Buffer>])[] = [
    [/points outside of it: "\.\.\/pods\.json"/, entry({ name: '../pods.json' }, pods)],
    [/points outside of it: "a\/\.\.\/\.\.\/x"/, entry({ name: 'a/../../x' })],
    [/points outside of it: "\/etc\/passwd"/, entry({ name: '/etc/passwd' })],
    [/points outside of it/, entry({ name: 'a\\..\\pods.json' })],
    [
      /a link or a device in place of a file: "nodes\.json"/,
      entry({ name: 'nodes.json', type: 'symlink', linkname: '/etc/shadow' }),
    ],
    [/a link or a device/, entry({ name: 'nodes.json', type: 'link', linkname: '/etc/shadow' })],
    [/a link or a device/, entry({ name: 'nodes.json', type: 'character-device' })],
    [/a link or a device/, entry({ name: 'nodes.json', type: 'fifo' })],
    [/holds "pods\.json" twice/, entry({ name: './pods.json' }, pods)],
  ];
  for (const [expected, archive] of cases)
    for (const bytes of [await archive, gzipSync(await archive)]) {
      const error = await refusal(bytes);
      assert.equal(error.code, 'broken');
      assert.match(error.message, expected);
    }
});

test('an archive that is none, or is cut or damaged, is broken and says so', async () => {
  const good = await pack({ [fine[0]]: fine[1], 'meta.json': { filler: Array.from({ length: 500 }, Math.random) } });
  const cases: readonly (readonly [RegExp, Uint8Array])[] = [
    [/is empty/, Buffer.alloc(0)],
    [/ends too early/, Buffer.from('hello')],
    [/is not a tar archive/, Buffer.alloc(2000, 'hello ')],
    [/is not a tar archive/, gzipSync(Buffer.alloc(2000, 'hello '))],
    [/ends too early/, good.subarray(0, good.length / 2)],
    [/damaged/, Buffer.concat([good.subarray(0, 200), Buffer.alloc(20, 0xff), good.subarray(220)])],
    [/meta\.json is not JSON/, await pack({ [fine[0]]: fine[1], 'meta.json': '{' })],
    [
      /recorded by a newer release \(schema version 2/,
      await pack({ [fine[0]]: fine[1], 'meta.json': { schemaVersion: 2 } }),
    ],
  ];
  for (const [expected, bytes] of cases) {
    const error = await refusal(bytes);
    assert.equal(error.code, 'broken', error.message);
    assert.match(error.message, expected);
  }
});

test('what is no dump is wrong input', async () => {
  assert.equal((await refusal(await pack({ 'readme.txt': 'hello' }))).code, 'input');
  await assert.rejects(openDump(path.join(folder, 'nowhere')), { code: 'input', message: /There is no recording at/ });
  await assert.rejects(openDump('/dev/null'), { code: 'input', message: /neither a folder nor a file/ });
});

test('a bomb is refused before it goes off', async () => {
  const header = (await tar([[{ name: 'pods.json' }, '']])).subarray(0, 512);
  header.write(((80 << 20).toString(8) + ' ').padStart(12, '0'), 124, 12, 'latin1');
  seal(header);
  // A gzip file may have members, which are unpacked as one text: the same megabyte is packed once.
  const zeros = gzipSync(Buffer.alloc(1 << 20));
  assert.match(
    (await refusal(Buffer.concat([gzipSync(header), ...Array.from({ length: 80 }, () => zeros)]))).message,
    /unpacks to far more than a recording can hold/,
  );
});

test('a name of megabytes is refused before it is held', () => {
  const header = Buffer.alloc(512);
  header.write('x', 0);
  header.write('77777777 ', 124);
  header.write('x', 156);
  seal(header);
  assert.throws(() => readTar(() => undefined).push(header), /a name longer than any file system allows/);
});

test('whatever tar writes is read as it was, in any chunks', async () => {
  const names = fc.oneof(
    fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,2}$/),
    fc.constant('ä/ü.json'),
    fc.constant(`${'long/'.repeat(40)}name.json`),
    fc.constant(`${'x'.repeat(300)}.json`),
  );
  const content = fc.tuple(anyText({ maxLength: 20 }), fc.nat(200)).map(([text, times]) => text.repeat(times));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(names, content), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(20_000), { maxLength: 10 }),
      async (files, cuts) => {
        const bytes = await tar(files.map(([name, content]) => [{ name }, content]));
        const read: [string, string][] = [];
        const reader = readTar((found: TarEntry) => {
          const chunks: Buffer[] = [];
          return {
            write: (chunk) => chunks.push(Buffer.from(chunk)),
            end: () => read.push([found.path, Buffer.concat(chunks).toString()]),
          };
        });
        const at = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b);
        for (const [index, from] of at.entries()) reader.push(bytes.subarray(from, at[index + 1] ?? bytes.length));
        reader.end();
        assert.deepEqual(
          read.filter(([, content]) => content !== ''),
          files
            .map(([name, content]) => [name, Buffer.from(content).toString()])
            .filter(([, content]) => content !== ''),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('no damage makes the reader do anything but read or refuse', async () => {
  const good = await tar([
    [{ name: `${'x'.repeat(150)}.json` }, pods],
    [{ name: 'nodes.json' }, pods],
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      fc.nat(good.length),
      (damage, length) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of damage) bytes[at] = value;
        const reader = readTar(() => undefined);
        try {
          reader.push(bytes.subarray(0, length));
          reader.end();
        } catch (error) {
          assert.ok(error instanceof BadArchive, String(error));
        }
      },
    ),
    { numRuns: 2000 },
  );
});
