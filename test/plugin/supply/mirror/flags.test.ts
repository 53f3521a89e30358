import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { AirgapError } from '../../../../shared/errors.ts';
import { endText, parseEnd } from '../../../../plugin/supply/mirror/end.ts';
import { parseRate } from '../../../../plugin/supply/mirror/rate.ts';

test('a rate is bits or bytes by its unit, in powers of ten or two by its prefix', () => {
  for (const [written, bytes] of [
    ['100Mbit/s', 12_500_000],
    ['100Mbps', 12_500_000],
    ['1 Gb/s', 125_000_000],
    ['12.5MB/s', 12_500_000],
    ['2GiB/s', 2 ** 31],
    ['64kbit/s', 8000],
    ['5B/s', 5],
  ] as const)
    assert.equal(parseRate(written), bytes, written);
  for (const written of [
    '',
    '100',
    '100M',
    '100Mbit',
    '-1Mbit/s',
    '0Mbit/s',
    '1e3Mbit/s',
    '1Mbytesps',
    'Mbit/s',
    '1ibit/s',
  ])
    assert.throws(() => parseRate(written), AirgapError, written);
});

test('whatever is written as a rate is a positive number of bytes or a usage error', () => {
  const likely = fc.stringMatching(/^\d{0,12}\.?\d{0,3} ?[kKmMgGi]{0,2}(bit|bits|byte|b|B)?(\/s|ps)?$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), likely), (written) => {
      try {
        const bytes = parseRate(written);
        assert.ok(Number.isFinite(bytes) && bytes > 0);
      } catch (error) {
        assert.ok(error instanceof AirgapError && error.code === 'usage');
      }
    }),
  );
});

test('a folder is written as skopeo, hauler or oc-mirror would write it, or as a path', () => {
  for (const [written, expected] of [
    ['dir:/media/usb', '/media/usb'],
    ['oci:/media/usb/', '/media/usb'],
    ['file:///media/usb', '/media/usb'],
    ['dir://media', path.resolve('media')],
    ['dir:media', path.resolve('media')],
    ['/media/a:b', '/media/a:b'],
    ['./media', path.resolve('media')],
    ['..', path.resolve('..')],
  ] as const)
    assert.deepEqual(parseEnd(written, 'to'), { kind: 'folder', path: expected }, written);
  for (const written of [
    '',
    'dir:',
    'dir://',
    'media',
    'registry.example',
    'docker://registry.example/a',
    'dir:\u0000',
  ])
    assert.throws(() => parseEnd(written, 'to'), AirgapError, written);
});

test('whatever names an end is a folder by its absolute path, reads back the same, or is a usage error', () => {
  const schemes = fc.constantFrom('', 'dir:', 'dir://', 'oci:', 'file://', './');
  fc.assert(
    fc.property(schemes, fc.string(), (scheme, rest) => {
      try {
        const end = parseEnd(scheme + rest, 'from');
        assert.ok(end.kind === 'folder' && path.isAbsolute(end.path));
        assert.deepEqual(parseEnd(endText(end), 'from'), end);
      } catch (error) {
        assert.ok(error instanceof AirgapError && error.code === 'usage');
      }
    }),
  );
});
