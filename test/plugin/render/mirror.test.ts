import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mirrorProgress } from '../../../plugin/render/mirror-progress.ts';
import { mirrorReportTable } from '../../../plugin/render/mirror-report.ts';
import { size, time } from '../../../plugin/render/size.ts';
import { copiesOf } from '../../../plugin/supply/mirror/copies.ts';
import { registries } from '../../../plugin/supply/mirror/end.ts';
import { exitCodeOf, makeReport, type MirroredImage } from '../../../plugin/supply/mirror/run-report.ts';
import { pipe } from './sample.ts';
import { lockedImage, lockOf } from '../supply/mirror/lock.ts';

const parts = { 'linux/amd64': { manifest: 'b', config: 'c', layers: 'd' } };
const lock = lockOf(
  ['app', 'db'].map((name) => lockedImage(`quay.io/acme/${name}:1`, `mirror.example/${name}:1`, 'a', parts)),
  { c: 100, d: 5_000_000 },
);
const { copies } = copiesOf(lock, registries);

const image = (name: string, over: Partial<MirroredImage>): MirroredImage => ({
  image: `quay.io/acme/${name}:1`,
  target: `mirror.example/${name}:1`,
  digest: `sha256:${'a'.repeat(64)}`,
  state: 'copied',
  attempts: 1,
  seconds: 2,
  bytes: 5_000_120,
  missing: [],
  fault: null,
  detail: '',
  ...over,
});

test('a run shows the whole and each image on its way, and says one line for each that is done', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  const said: string[] = [];
  let shown = '';
  const watch = mirrorProgress(
    (line) => said.push(line),
    (lines) => {
      shown = lines;
    },
    () => now,
  );
  const [app, db] = copies;
  assert.ok(app && db);
  watch.look(2);
  assert.equal(shown, '0 of 2 images, looking what is there, 0 s');
  watch.end(db, image('db', { state: 'present' }));
  watch.copy(5_000_120);
  watch.begin(app, 5_000_120);
  watch.moved(1024);
  now = 61_000;
  t.mock.timers.tick(1000);
  assert.equal(shown, '1 of 2 images, 0 B of 4.8 MiB, 1.0 KiB moved, 61 s\n  quay.io/acme/app:1  4.8 MiB  61 s');
  watch.end(app, image('app', { state: 'failed', detail: 'mirror\u001b[2J.example: refused' }));
  assert.equal(shown, '2 of 2 images, 4.8 MiB of 4.8 MiB, 1.0 KiB moved, 61 s');
  watch.stop();
  assert.deepEqual(said, [
    '1 of 2: there quay.io/acme/db:1',
    '2 of 2: FAILED quay.io/acme/app:1: mirror\\u001b[2J.example: refused',
  ]);
});

test('the table ends with what is missing, and the exit code says whether it was out of reach', () => {
  const about = { lock: 'airgap.lock.yaml', engine: 'regctl', from: 'registry', to: 'registry', seconds: 100 } as const;
  const all = makeReport(about, [image('app', {}), image('db', { state: 'present', bytes: 0 })]);
  assert.equal(exitCodeOf(all), 0);
  assert.match(
    mirrorReportTable(all, pipe),
    /1 copied \(4\.8 MiB\), 1 there already, 0 failed, in 2 min\.\nEvery digest has been read back\.\n$/,
  );
  const gone = image('db', { state: 'failed', fault: 'refused', detail: 'no' });
  const half = makeReport(about, [image('app', {}), gone]);
  assert.equal(exitCodeOf(half), 1);
  assert.match(
    mirrorReportTable(half, pipe),
    /^copied .*\nFAILED .*no\n(.*\n)*Missing; run .*:\n  quay\.io\/acme\/db:1\n$/m,
  );
  assert.equal(exitCodeOf(makeReport(about, [gone])), 3);
  assert.equal(exitCodeOf(makeReport(about, [gone, image('app', { state: 'failed', fault: 'not-found' })])), 1);
});

test('sizes and times are for people', () => {
  assert.deepEqual([0, 1023, 1024, 5e6, 3 * 2 ** 40].map(size), ['0 B', '1023 B', '1.0 KiB', '4.8 MiB', '3.0 TiB']);
  assert.deepEqual([0, 89, 90, 3600, 7200, 12_000].map(time), ['0 s', '89 s', '2 min', '60 min', '2 h', '3 h 20 min']);
});
