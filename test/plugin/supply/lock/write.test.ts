import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Lock, LockedImage } from '../../../../plugin/supply/lock/document.ts';
import { lockText } from '../../../../plugin/supply/lock/write.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const image = (name: string, letter: string, layers: readonly string[] = ['c']): LockedImage => ({
  image: name,
  digest: digest(letter),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 500,
  mirror: null,
  manifests: [
    {
      platform: 'linux/amd64',
      digest: digest(letter),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      size: 500,
      config: digest('b'),
      layers: layers.map(digest),
    },
  ],
  artifacts: [],
  neededBy: ['Deployment shop/web  spec.template.spec.containers[0].image'],
});
const lock = (...images: readonly LockedImage[]): Lock => ({
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'ImageLock',
  platforms: ['linux/amd64'],
  images,
  blobs: { [digest('b')]: 10, [digest('c')]: 20 },
});

test('the text reads back as the lock', () => {
  const one = lock(image('docker.io/library/nginx:1', 'a'));
  assert.deepEqual(parse(lockText(one)), one);
});

test('an image that moved changes its own lines alone, and comments stay where they were', () => {
  const before = lockText(lock(image('docker.io/a/a:1', 'a'), image('docker.io/b/b:1', 'd'))).replace(
    '  - image: docker.io/b/b:1',
    '  # the database; ask Kim before moving it\n  - image: docker.io/b/b:1 # keep',
  );
  const after = lockText(lock(image('docker.io/a/a:1', 'e'), image('docker.io/b/b:1', 'd')), before);
  const [old, now] = [before.split('\n'), after.split('\n')];
  assert.equal(old.length, now.length);
  assert.deepEqual(
    now.filter((line, index) => line !== old[index]),
    [`    digest: ${digest('e')}`, `        digest: ${digest('e')}`],
  );
  assert.match(after, /# the database; ask Kim before moving it\n {2}- image: docker\.io\/b\/b:1 # keep/);
});

test('whatever changes, the new text reads as the new lock', () => {
  const arbitrary = fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom('docker.io/a/a:1', 'docker.io/b/b:1', 'docker.io/c/c:1', 'docker.io/d/d:1'),
        letter: fc.constantFrom('a', 'd', 'e'),
        layers: fc.array(fc.constantFrom('c', 'f'), { maxLength: 3 }),
      }),
      { selector: ({ name }) => name },
    )
    .map((entries) => lock(...entries.map(({ name, letter, layers }) => image(name, letter, layers))));
  fc.assert(
    fc.property(arbitrary, arbitrary, (before, after) => {
      assert.deepEqual(parse(lockText(after, lockText(before))), after);
    }),
    { numRuns: 40 },
  );
});
