import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeImage, makeIndex, type Image } from '../cluster/registry/image.ts';
import { run } from '../plugin/commands/run.ts';
import { startTwoRegistries, type TwoRegistries } from './two-registries.ts';

let two: TwoRegistries;
let [app, db]: Image[] = [];
const inside = (name: string): string => two.inside(name);

before(async () => {
  two = await startTwoRegistries({ targetPath: 'copy' });
  [app, db] = [await makeIndex(['linux/amd64', 'linux/arm64']), await makeImage({ label: 'db' })];
  await two.source.push('app:1', app);
  await two.source.push('db:1', db);
  await two.lock(['app:1', 'db:1']);
});
after(() => two[Symbol.asyncDispose]());

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly difference: string; readonly image: string; readonly part: string | null }[];
}

async function verify(
  ...args: readonly string[]
): Promise<{ code: number; told: string[]; summary: Report['summary'] }> {
  const { code, out, err } = await run(['verify', '--lock', inside('lock.yaml'), '-o', 'json', ...args]);
  assert.notEqual(out, '', err);
  const { findings, summary } = JSON.parse(out) as Report;
  const told = findings.map(({ difference, image, part }) =>
    [difference, image.replace(/^.*\//, ''), part].filter(Boolean).join(' '),
  );
  return { code, told, summary };
}

test('verify finds what the mirror lacks, what moved, and is content when all is there', async () => {
  assert.ok(app && db);
  const alone = (): ReturnType<typeof verify> => verify('--no-cluster');
  assert.deepEqual((await alone()).told, ['missing app:1', 'missing db:1']);
  await two.inner.push('copy/app:1', app);
  await two.inner.push('copy/db:1', await makeImage({ label: 'another build of db' }));
  const moved = await alone();
  assert.deepEqual([moved.code, moved.told], [1, ['moved-tag db:1']]);
  await two.inner.push('copy/db:1', db);
  const whole = await alone();
  assert.deepEqual([whole.code, whole.told, whole.summary['same']], [0, [], 2]);
  const table = await run(['verify', '--lock', inside('lock.yaml'), '--no-cluster']);
  assert.match(table.out, /2 images locked, 2 the same in the mirror\.\nNo difference\.\n$/);
});

test('verify compares what a recording runs, and says what is wrong with its own command line', async () => {
  assert.ok(app && db);
  const pod = (name: string, image: string, digest: string): object => ({
    metadata: { namespace: 'shop', name },
    spec: { containers: [{ name: 'c', image }] },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'c', imageID: `elsewhere.example/x@${digest}`, state: { running: {} } }],
    },
  });
  const items = [
    pod('app', `${two.inner.host}/copy/app:1`, app.children[0]?.manifest.digest ?? ''),
    pod('db', `${two.source.host}/db:1`, `sha256:${'0'.repeat(64)}`),
    pod('other', 'other.example/app:7', `sha256:${'1'.repeat(64)}`),
  ];
  two.put('dump/pods.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const { code, told } = await verify('--from', inside('dump'), '--no-mirror');
  assert.deepEqual([code, told], [1, ['running-other db:1', 'running-not-locked app:7']]);

  assert.equal((await run(['verify', '--lock', inside('lock.yaml'), '--no-mirror', '--no-cluster'])).code, 2);
  assert.equal((await run(['verify', '--lock', inside('no.yaml'), '--no-cluster'])).code, 2);
  assert.equal((await run(['verify', '--lock', inside('list.txt'), '--no-cluster'])).code, 2);
  await two.inner.stop();
  const unreachable = await run(['verify', '--lock', inside('lock.yaml'), '--no-cluster']);
  assert.equal(unreachable.code, 3);
  assert.match(unreachable.out, /the mirror did not answer/);
});
