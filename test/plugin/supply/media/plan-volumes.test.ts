import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { manifestText, readManifest, type Member } from '../../../../plugin/supply/media/manifest.ts';
import {
  planVolumes,
  smallestVolume,
  volumeBytes,
  type Carried,
  type Piece,
} from '../../../../plugin/supply/media/plan-volumes.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (size: number, index: number): Carried => {
  const sum = sha256(`${index}`);
  return { path: `blobs/sha256/${sum}`, source: '', size, sha256: sum };
};
const files = fc
  .array(fc.oneof(fc.nat(3000), fc.nat(200_000), fc.constant(0)), { minLength: 1, maxLength: 60 })
  .map((sizes) => sizes.map(file));
const limit = fc.integer({ min: smallestVolume, max: 300_000 });

/** The manifest as it is written, with the longest numbers that can stand in it. */
function member({ file, size, part, parts, offset }: Piece): Member {
  const about = { number: part, of: parts, offset, size: file.size, sha256: file.sha256 };
  return { path: file.path, size, sha256: file.sha256, part: parts === 1 ? null : about };
}

test('no volume is over the size, and every byte of every file is in exactly one of them', () => {
  fc.assert(
    fc.property(files, limit, (carried, most) => {
      const plan = planVolumes(carried, most);
      for (const pieces of plan) {
        const manifest = { set: sha256(''), lock: sha256(''), since: sha256(''), volume: 1, volumes: plan.length };
        const text = manifestText({ ...manifest, members: pieces.map(member) });
        const sizes = pieces.map(({ size }) => size);
        assert.ok(volumeBytes(Buffer.byteLength(text), sizes) <= most);
        assert.deepEqual(readManifest(text), JSON.parse(text));
      }
      const pieces = Map.groupBy(plan.flat(), ({ file: of }) => of);
      assert.equal(pieces.size, carried.length);
      for (const [of, parts] of pieces) {
        const inOrder = parts.toSorted((a, b) => a.offset - b.offset);
        let end = 0;
        for (const [index, { offset, size, part, parts: many }] of inOrder.entries()) {
          assert.deepEqual([offset, part, many], [end, index + 1, parts.length]);
          end += size;
        }
        assert.equal(end, of.size);
        assert.ok(parts.length === 1 || of.size + 4096 > most, 'only what fits in no volume is parted');
      }
    }),
  );
});

test('the plan does not depend on the order in which files come', () => {
  fc.assert(
    fc.property(files, limit, (carried, most) => {
      assert.deepEqual(planVolumes(carried.toReversed(), most), planVolumes(carried, most));
    }),
  );
});

test('a manifest is read only as it was written: one changed byte makes it another', () => {
  const [first] = planVolumes([file(5, 0), file(40_000, 1)], smallestVolume);
  const manifest = { set: sha256('a'), lock: sha256('b'), since: null, volume: 1, volumes: 3 };
  const text = manifestText({ ...manifest, members: (first ?? []).map(member) });
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 127 }), (at, flip) => {
      const other = String.fromCodePoint((text.codePointAt(at) ?? 0) ^ flip);
      assert.equal(typeof readManifest(text.slice(0, at) + other + text.slice(at + 1)), 'string');
    }),
  );
  fc.assert(fc.property(fc.string(), (any) => assert.equal(typeof readManifest(any), 'string')));
});
