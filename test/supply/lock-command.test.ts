import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../plugin/commands/run.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { makeImage } from '../cluster/registry/image.ts';
import { freePorts } from '../cluster/ports.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';

let slot: Slot;
let registry: Registry;
let folder: string;
const inside = (name: string): string => path.join(folder, name);

before(async () => {
  slot = takeSlot();
  folder = mkdtempSync(path.join(tmpdir(), 'airgap-lock-'));
  const [port = 0] = await freePorts(1);
  registry = await startDistribution(slot, { name: 'registry', address: '127.0.0.1', port });
  await registry.push('app:1', await makeImage({ label: 'app' }));
  await registry.push('db:1', await makeImage({ label: 'db' }));
  writeFileSync(
    inside('app.yaml'),
    `kind: Deployment\nmetadata: {name: app, namespace: shop}\nspec: {template: {spec: {containers: [{image: "${registry.host}/app:1"}]}}}\n`,
  );
  writeFileSync(inside('list.txt'), `# what the operator starts\n${registry.host}/db:1 # by hand\n\n`);
});
after(async () => {
  await registry.stop();
  releaseSlot(slot);
  rmSync(folder, { recursive: true });
});

const lock = (...args: readonly string[]) =>
  run(['lock', '-f', inside('app.yaml'), '--list', inside('list.txt'), '--lock', inside('airgap.lock.yaml'), ...args]);
const written = (): string => readFileSync(inside('airgap.lock.yaml'), 'utf8');

test('lock pins what manifests and lists name, --check holds the file to it, --update follows a tag', async () => {
  const first = await lock();
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /added +127\.0\.0\.1:\d+\/app:1/);
  assert.match(first.out, /2 images/);
  assert.match(written(), /neededBy:\n\s+- .*list\.txt:2/);
  assert.equal((await lock('--check')).code, 0);

  const text = written().replace(/( {2}- image: .*app:1)/, '$1 # our own');
  writeFileSync(inside('airgap.lock.yaml'), text);
  await registry.push('app:1', await makeImage({ label: 'app, built again' }));
  const behind = await lock('--check');
  assert.equal(behind.code, 1);
  assert.match(behind.out, /moved +127\.0\.0\.1:\d+\/app:1 +sha256:\w+ -> sha256:\w+/);
  assert.equal(written(), text, '--check writes nothing');

  assert.equal((await lock()).code, 0);
  assert.equal(written(), text, 'what is pinned stays');
  const updated = await lock('--update', `${registry.host}/app:1`);
  assert.match(updated.out, /moved/);
  assert.match(written(), /app:1 # our own/);
  assert.equal((await lock('--check')).code, 0);
});

test('an image that cannot be pinned is exit code 1 with its cause, and the rest is written', async () => {
  writeFileSync(inside('more.txt'), `${registry.host}/nowhere:1\n${registry.host}/db:1\n`);
  const { code, out } = await run(['lock', '--list', inside('more.txt'), '--lock', inside('more.lock.yaml')]);
  assert.equal(code, 1);
  assert.match(out, /not pinned: .*nowhere:1: 127\.0\.0\.1:\d+: /);
  assert.match(readFileSync(inside('more.lock.yaml'), 'utf8'), /db:1/);
});

test('a lock of a newer version, or something else, is exit code 2 and stays as it is', async () => {
  for (const [content, expected] of [
    ['apiVersion: airgap.dev/v2\nkind: ImageLock\n', /is of version airgap\.dev\/v2/],
    ['kind: Pod\n', /its kind is Pod/],
    ['{', /not readable as YAML/],
    ['apiVersion: airgap.dev/v1alpha1\nkind: ImageLock\nplatforms: []\nimages: 5\nblobs: {}\n', /images must be array/],
  ] as const) {
    writeFileSync(inside('other.lock.yaml'), content);
    const { code, err } = await run(['lock', '--list', inside('list.txt'), '--lock', inside('other.lock.yaml')]);
    assert.equal(code, 2);
    assert.match(err, expected);
    assert.equal(readFileSync(inside('other.lock.yaml'), 'utf8'), content);
  }
});

test('images lists what the same flags find, one a line for other tools', async () => {
  const { code, out } = await run(['images', '-f', inside('app.yaml'), '--list', inside('list.txt'), '-o', 'name']);
  assert.equal(code, 0);
  assert.equal(out, `${registry.host}/app:1\n${registry.host}/db:1\n`);
});
