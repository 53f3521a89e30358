import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RepositoryContent, StoredManifest } from '../../../../plugin/supply/prune/content.ts';
import { sortOut, type Keep } from '../../../../plugin/supply/prune/sort-out.ts';
import { freedBytes } from '../../../../plugin/supply/prune/space.ts';
import { sha256 } from '../../../fake/registry.ts';

const repository = { host: 'reg.example', path: 'app' };
const digest = (n: number): string => sha256(`manifest ${n}`);
const blob = (n: number): string => sha256(`blob ${n}`);
const nothing = {
  tags: new Map(),
  digests: new Set<string>(),
  lockedIn: new Map(),
  running: new Set<string>(),
  named: () => false,
} satisfies Keep;

const count = 9;
const some = (...from: readonly string[]) => fc.subarray([...from], { maxLength: 3 });
const all = Array.from({ length: count }, (_, n) => digest(n));

/** A repository of any shape: indexes, referrers and digest tags also in circles and to what is not there. */
const content: fc.Arbitrary<RepositoryContent> = fc
  .record({
    manifests: fc.array(
      fc.record({
        children: some(...all),
        blobs: fc.uniqueArray(fc.nat({ max: 7 }), { maxLength: 3 }),
        subject: fc.option(fc.constantFrom(...all), { freq: 2 }),
        referrers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, some(...all)),
      }),
      { minLength: 1, maxLength: count },
    ),
    tags: fc.dictionary(
      fc.oneof(
        fc.constantFrom('1', '2', '3', 'latest'),
        fc.constantFrom(...all).map((one) => one.replace(':', '-')),
        fc.constantFrom(...all).map((one) => `${one.replace(':', '-')}.sig`),
      ),
      fc.nat({ max: count - 1 }),
      { maxKeys: 6 },
    ),
  })
  .map(({ manifests, tags }) => ({
    repository,
    manifests: new Map(
      manifests.map((one, n): [string, StoredManifest] => [
        digest(n),
        {
          digest: digest(n),
          size: 10 + n,
          children: one.children,
          blobs: new Map(one.children.length > 0 ? [] : one.blobs.map((b) => [blob(b), 1000 * (b + 1)])),
          config: one.children.length > 0 ? null : blob(one.blobs[0] ?? 0),
          subject: one.subject,
          referrers: one.referrers,
        },
      ]),
    ),
    tags: new Map(
      Object.entries(tags)
        .filter(([, n]) => n < manifests.length)
        .map(([tag, n]) => [tag, digest(n)]),
    ),
  }));

const keep: fc.Arbitrary<Keep> = fc
  .record({ tags: some('1', '2', '3'), digests: some(...all), running: some(...all, blob(0), blob(1)) })
  .map(({ tags, digests, running }) => ({
    ...nothing,
    tags: new Map([['reg.example/app', new Set(tags)]]),
    digests: new Set(digests),
    running: new Set(running),
  }));

/** What a client can reach of a repository, from what is needed alone: a second opinion, by repetition. */
function needed({ tags, manifests }: RepositoryContent, keeping: Keep): Set<string> {
  const found = new Set<string>();
  for (const [tag, named] of tags) if (keeping.tags.get('reg.example/app')?.has(tag) === true) found.add(named);
  for (const { digest: one, config } of manifests.values())
    if (keeping.digests.has(one) || keeping.running.has(one) || keeping.running.has(config ?? '')) found.add(one);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { digest: one, children, subject, referrers } of manifests.values()) {
      if (found.has(one)) for (const other of [...children, ...referrers]) found.add(other);
      if (subject !== null && found.has(subject)) found.add(one);
    }
    for (const [tag, named] of tags)
      if (tag.startsWith('sha256-') && found.has(tag.slice(0, 71).replace('-', ':'))) found.add(named);
  }
  return found;
}

/** A registry after these deletions, one by one: a manifest goes with every tag that names it. */
function after({ manifests, tags, ...rest }: RepositoryContent, gone: readonly string[]): RepositoryContent {
  return {
    ...rest,
    manifests: new Map([...manifests].filter(([one]) => !gone.includes(one))),
    tags: new Map([...tags].filter(([, named]) => !gone.includes(named))),
  };
}

const stored = ({ manifests }: RepositoryContent): number => {
  const parts = new Map([...manifests.values()].flatMap(({ digest: one, size, blobs }) => [[one, size], ...blobs]));
  return [...parts.values()].reduce((sum, bytes) => sum + bytes, 0);
};

test('nothing that is needed goes, nor what hangs together with it; every tag that goes is told', () => {
  fc.assert(
    fc.property(content, keep, (before, keeping) => {
      const { removals, keptTags } = sortOut(before, keeping);
      const gone = removals.map((removal) => removal.digest);
      const left = after(before, gone);
      for (const one of needed(before, keeping))
        assert.equal(left.manifests.has(one), before.manifests.has(one), `${one} is needed`);
      assert.deepEqual([...left.tags.keys()].toSorted(), keptTags);
      assert.deepEqual(
        [...keptTags, ...removals.flatMap(({ tags }) => tags)].toSorted(),
        [...before.tags.keys()].toSorted(),
      );
      assert.equal(new Set(gone).size, gone.length);
      assert.deepEqual(sortOut(left, keeping).removals, [], 'a second run finds nothing more');
    }),
  );
});

test('it frees what is stored before and not after', () => {
  fc.assert(
    fc.property(content, keep, (before, keeping) => {
      const { removals, kept } = sortOut(before, keeping);
      const left = after(
        before,
        removals.map((removal) => removal.digest),
      );
      assert.equal(freedBytes([{ content: before, kept }]), stored(before) - stored(left));
    }),
  );
});

test('wherever it is cut short, no tag of a removed index has lost a child, and nothing is out of reach', () => {
  fc.assert(
    fc.property(tree, (before) => {
      const gone = sortOut(before, nothing).removals.map((removal) => removal.digest);
      assert.equal(gone.length, before.manifests.size);
      for (let done = 0; done < gone.length; done += 1) {
        const left = after(before, gone.slice(0, done));
        for (const named of left.tags.values())
          for (const child of left.manifests.get(named)?.children ?? [])
            assert.ok(left.manifests.has(child), `${done}: a tag lost ${child}`);
      }
    }),
  );
});

const plain = (n: number, over: Partial<StoredManifest> = {}): StoredManifest => ({
  digest: digest(n),
  size: 1,
  children: [],
  blobs: new Map(),
  config: null,
  subject: null,
  referrers: [],
  ...over,
});

/** What clients push: tagged indexes that may share children. */
const tree: fc.Arbitrary<RepositoryContent> = fc
  .array(fc.uniqueArray(fc.integer({ min: 4, max: 8 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .map((indexes) => ({
    repository,
    tags: new Map(indexes.map((_, n) => [`${n}`, digest(n)])),
    manifests: new Map(
      [
        ...indexes.map((children, n) => plain(n, { children: children.map(digest) })),
        ...[...new Set(indexes.flat())].map((n) => plain(n)),
      ].map((one) => [one.digest, one]),
    ),
  }));

test('what an index alone leads to follows it at once, and a signature goes before what it is about', () => {
  const before: RepositoryContent = {
    repository,
    tags: new Map([
      ['1', digest(0)],
      ['2', digest(3)],
    ]),
    manifests: new Map(
      [
        plain(0, { children: [digest(1), digest(2)] }),
        plain(1),
        plain(2),
        plain(3, { referrers: [digest(4)] }),
        plain(4, { subject: digest(3) }),
      ].map((one) => [one.digest, one]),
    ),
  };
  const order = sortOut(before, nothing).removals.map((removal) => all.indexOf(removal.digest));
  const at = (n: number): number => order.indexOf(n);
  assert.deepEqual(new Set([at(1), at(2)]), new Set([at(0) + 1, at(0) + 2]));
  assert.equal(at(4) + 1, at(3));
});
