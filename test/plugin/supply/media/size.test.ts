import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSize } from '../../../../plugin/supply/media/size.ts';

test('sizes are read as Kubernetes and people write them', () => {
  const read = (written: string): number | undefined => parseSize(written);
  assert.equal(read('4GiB-1'), 2 ** 32 - 1);
  assert.equal(read('4Gi'), 2 ** 32);
  assert.equal(read('4G'), 4e9);
  assert.equal(read('4.7GB'), 4.7e9);
  assert.equal(read('700mb'), 7e8);
  assert.equal(read('65536'), 65_536);
  for (const wrong of ['', 'FAT32', '4 G', '-1', '1-2', '4GiB+1', '4iB', '1.5', '4PiB', '1e9', '999999999999999TiB'])
    assert.equal(read(wrong), undefined, wrong);
});

test('whatever is written, a size is a whole number of bytes or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,18}(\.\d+)?[kMGTi]{0,2}B?(-\d{1,17})?$/)), (written) => {
      const bytes = parseSize(written);
      assert.ok(bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0));
    }),
  );
  fc.assert(
    fc.property(fc.nat(2 ** 30), fc.nat(1000), (amount, less) => {
      fc.pre(amount * 1024 >= less);
      assert.equal(parseSize(`${amount}KiB-${less}`), amount * 1024 - less);
    }),
  );
});
