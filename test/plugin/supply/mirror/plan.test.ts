import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copiesOf } from '../../../../plugin/supply/mirror/copies.ts';
import { registries, type End } from '../../../../plugin/supply/mirror/end.ts';
import type { Held } from '../../../../plugin/supply/mirror/holder.ts';
import { makePlan } from '../../../../plugin/supply/mirror/plan.ts';
import type { MirrorPlan } from '../../../../plugin/supply/mirror/plan-report.ts';
import { pipe } from '../../render/sample.ts';
import { mirrorPlanTable } from '../../../../plugin/render/mirror-plan.ts';
import { digest, lockedImage, lockOf } from './lock.ts';
import { assertFits } from '../../../schema.ts';

// Two images in two repositories share the layer `f`; the first is for two platforms.
const lock = lockOf(
  [
    lockedImage('docker.io/acme/app:1', 'mirror.example/acme/app:1', 'a', {
      'linux/amd64': { manifest: 'b', config: 'c', layers: 'f' },
      'linux/arm64': { manifest: '1', config: '2', layers: '3' },
    }),
    lockedImage('docker.io/acme/db:1', 'mirror.example/acme/db:1', 'd', {
      'linux/amd64': { manifest: 'e', config: '4', layers: 'f5' },
    }),
    lockedImage('quay.io/x/y:1', null, '9', { 'linux/amd64': { manifest: '8', config: '7', layers: '' } }),
  ],
  { c: 100, f: 1_000_000, 2: 100, 3: 2_000_000, 4: 100, 5: 500, 7: 1 },
);
const folder: End = { kind: 'folder', path: '/media/usb' };

function plan(
  to: End,
  held: (letter: string) => boolean,
  over: { readonly platforms?: readonly string[]; readonly free?: number; readonly seen?: false } = {},
): MirrorPlan {
  const { copies, leftOut } = copiesOf(lock, to, over.platforms);
  const states = copies.map(({ parts }): Held => {
    if (over.seen === false)
      return { seen: false, fault: { code: 'refused', host: 'mirror.example', role: 'registry', detail: 'refused' } };
    const absent = parts.filter((part) => !held(part.digest[7] ?? ''));
    return { seen: true, absent, untagged: [], unlisted: [], detail: '' };
  });
  const disk = to.kind === 'folder' ? { path: to.path, free: over.free ?? 10_000_000 } : null;
  const facts = { lock: 'airgap.lock.yaml', from: 'registry', to: 'there', copies, leftOut, held: states, disk };
  const made = makePlan({ ...facts, rate: 1_000_000 });
  assertFits('schemas/mirror-plan.schema.json', JSON.parse(JSON.stringify(made)));
  return made;
}

test('what two repositories share is new once and travels twice', () => {
  const { summary, platforms, images } = plan(registries, () => false);
  const own = 100 + 100 + 2_000_000 + 100 + 500 + 5 * 10;
  assert.equal(summary.unique, own + 1_000_000);
  assert.equal(summary.missing, own + 1_000_000);
  assert.equal(summary.move, own + 2_000_000);
  assert.equal(summary.seconds, 5);
  assert.deepEqual(
    platforms.map(({ platform, images: count, bytes }) => [platform, count, bytes]),
    [
      ['linux/amd64', 2, 1_000_000 + 100 + 100 + 500 + 20],
      ['linux/arm64', 1, 2_000_000 + 100 + 10],
      ['other', 2, 20],
    ],
  );
  assert.deepEqual(
    images.map(({ image, state, target }) => [image, state, target]),
    [
      ['docker.io/acme/app:1', 'copy', 'mirror.example/acme/app:1'],
      ['docker.io/acme/db:1', 'copy', 'mirror.example/acme/db:1'],
      ['quay.io/x/y:1', 'left-out', null],
    ],
  );
});

test('what the target has already neither travels nor grows it', () => {
  const { summary, images } = plan(registries, (letter) => letter !== 'd' && letter !== '5');
  assert.deepEqual([summary.copy, summary.present, summary.leftOut], [1, 1, 1]);
  assert.deepEqual([summary.missing, summary.move, summary.seconds], [510, 510, 1]);
  assert.deepEqual(
    images.map(({ missing }) => missing),
    [0, 510, 0],
  );
});

test('a folder takes every image, each blob once, in whole blocks of its disk', () => {
  const whole = plan(folder, () => false);
  assert.equal(whole.summary.leftOut, 0);
  assert.equal(whole.summary.move, whole.summary.missing);
  const needed = whole.disk?.needed ?? 0;
  assert.ok(needed >= whole.summary.missing && needed % 4096 === 0);
  assert.equal(plan(folder, () => false, { free: needed }).disk?.enough, true);
  assert.equal(plan(folder, () => false, { free: needed - 1 }).disk?.enough, false);
});

test('one platform leaves the others, and images that are not for it', () => {
  const { summary, platforms } = plan(registries, () => false, { platforms: ['linux/arm64'] });
  assert.deepEqual(
    platforms.map(({ platform }) => platform),
    ['linux/arm64', 'other'],
  );
  assert.deepEqual([summary.copy, summary.leftOut], [1, 2]);
});

test('a target that does not answer is no target that lacks everything', () => {
  const { summary, images } = plan(registries, () => true, { seen: false });
  assert.deepEqual([summary.notSeen, summary.copy], [2, 0]);
  assert.equal(images[0]?.fault, 'refused');
});

test('the table says what it takes', () => {
  const text = mirrorPlanTable(
    plan(folder, (letter) => letter === 'f', { free: 1 }),
    pipe,
  );
  assert.match(text, /^copy +docker\.io\/acme\/app:1 +2\.9 MiB +1\.9 MiB/m);
  assert.match(text, /linux\/arm64 +1 +1\.9 MiB/);
  assert.match(text, /3 to copy, 0 there\.\n1\.9 MiB to move: 3 s at 976\.6 KiB\/s\./);
  assert.match(text, /\/media\/usb: 2\.0 MiB needed, 1 B free: 2\.0 MiB too little\./);
});

test('a lock that no policy mirrors is told as that', () => {
  const none = { ...lock, images: lock.images.slice(2) };
  assert.throws(() => copiesOf(none, registries), /no policy says where it is mirrored/);
  assert.deepEqual(copiesOf(none, folder).leftOut, []);
  assert.equal(copiesOf(none, folder).copies[0]?.parts.at(-1)?.digest, digest('9'));
});
