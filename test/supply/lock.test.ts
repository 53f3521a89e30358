import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lockChanges } from '../../plugin/supply/lock/changes.ts';
import type { Lock } from '../../plugin/supply/lock/document.ts';
import { makeLock, type LockOutcome } from '../../plugin/supply/lock/make.ts';
import { readLock } from '../../plugin/supply/lock/read.ts';
import { lockText } from '../../plugin/supply/lock/write.ts';
import { openRegistries } from '../../plugin/registry/client.ts';
import { anonymous } from '../../plugin/registry/keychain.ts';
import { startDistribution, type Registry } from '../cluster/registry/distribution.ts';
import { makeImage, makeIndex } from '../cluster/registry/image.ts';
import { freePorts } from '../cluster/ports.ts';
import { releaseSlot, takeSlot, type Slot } from '../cluster/state.ts';

let slot: Slot;
let registry: Registry;

before(async () => {
  slot = takeSlot();
  const [port = 0] = await freePorts(1);
  registry = await startDistribution(slot, { name: 'registry', address: '127.0.0.1', port });
});
after(async () => {
  await registry.stop();
  releaseSlot(slot);
});

const place = { file: null, kind: 'Deployment', namespace: 'shop', name: 'web', field: 'spec', via: 'field' } as const;

async function lock(
  images: readonly string[],
  request: { platforms?: readonly string[]; earlier?: Lock; renew?: (image: string) => boolean } = {},
): Promise<LockOutcome> {
  const registries = openRegistries({
    named: [{ host: registry.host, plainHttp: true }],
    keychain: anonymous,
    signal: AbortSignal.timeout(20_000),
  });
  try {
    return await makeLock({
      needed: images.map((image) => ({ image: `${registry.host}/${image}`, places: [place] })),
      platforms: request.platforms ?? [],
      mirrorOf: () => null,
      earlier: request.earlier ?? null,
      renew: request.renew ?? (() => false),
      registries,
      progress: () => undefined,
    });
  } finally {
    registries.close();
  }
}

test('an index is locked with its digest, and each platform with its own, its blobs and their sizes', async () => {
  const index = await makeIndex(['linux/amd64', 'linux/arm64']);
  const { children } = index;
  await registry.push('multi:1', index);
  const { lock: all, failures } = await lock(['multi:1']);
  assert.deepEqual(failures, []);
  const [image] = all.images;
  assert.equal(image?.digest, index.manifest.digest);
  assert.equal(image?.size, index.manifest.bytes.length);
  assert.deepEqual(
    image?.manifests.map(({ platform, digest }) => [platform, digest]),
    children.map((child, i) => [i === 0 ? 'linux/amd64' : 'linux/arm64', child.manifest.digest]),
  );
  const blobs = Object.fromEntries(
    children.flatMap((child) => child.blobs.map(({ digest, bytes }) => [digest, bytes.length])),
  );
  assert.deepEqual(all.blobs, Object.fromEntries(Object.entries(blobs).toSorted(([a], [b]) => (a < b ? -1 : 1))));

  const { lock: one } = await lock(['multi:1'], { platforms: ['linux/arm64'] });
  assert.deepEqual(
    one.images[0]?.manifests.map(({ platform }) => platform),
    ['linux/arm64'],
  );
  assert.equal(one.images[0]?.digest, index.manifest.digest);
});

test('what is locked stays when its tag moves, until it is renewed; the change is told', async () => {
  await registry.push('moving:1', await makeImage({ label: 'first' }));
  const first = (await lock(['moving:1'])).lock;
  await registry.push('moving:1', await makeImage({ label: 'second' }));
  const kept = (await lock(['moving:1'], { earlier: first })).lock;
  assert.deepEqual(kept, first);
  const renewed = (await lock(['moving:1'], { earlier: first, renew: () => true })).lock;
  const [change] = lockChanges(first, renewed);
  assert.equal(change?.change, 'moved');
  assert.deepEqual(lockChanges(first, kept), []);
});

test("cosign's tags are locked with the image they are about", async () => {
  const image = await makeImage({ label: 'signed' });
  await registry.push('signed:1', image);
  const signature = await makeImage({ label: 'a signature' });
  await registry.push(`signed:${image.manifest.digest.replace(':', '-')}.sig`, signature);
  const [locked] = (await lock(['signed:1'])).lock.images;
  assert.deepEqual(
    locked?.artifacts.map(({ subject, digest, tag }) => [subject, digest, tag?.slice(-4)]),
    [[image.manifest.digest, signature.manifest.digest, '.sig']],
  );
});

test('one image that cannot be had costs no other, and is told with its cause', async () => {
  await registry.push('there:1', await makeImage({ label: 'there', platform: 'linux/s390x' }));
  const { lock: rest, failures } = await lock(['there:1', 'gone:1', 'multi:1', 'moving:1'], {
    platforms: ['linux/s390x'],
  });
  assert.deepEqual(
    rest.images.map(({ image }) => image),
    [`${registry.host}/there:1`],
  );
  assert.deepEqual(
    failures.map(({ image, fault }) => [image.slice(registry.host.length + 1), fault.code]),
    [
      ['gone:1', 'not-found'],
      ['moving:1', 'platform-missing'],
      ['multi:1', 'platform-missing'],
    ],
  );
});

test('a written lock reads back the same', async () => {
  const made = (await lock(['multi:1', 'signed:1'])).lock;
  assert.deepEqual(readLock(lockText(made), 'airgap.lock.yaml'), made);
});
