import fc from 'fast-check';

/**
 * Text of any characters that Unicode has. fast-check's own `string({ unit: 'binary' })` makes such text too, but first
 * builds a table of all the million characters, which takes a second in every process.
 */
export function anyText(limits: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.array(character, limits).map((characters) => characters.join(''));
}

const character = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0x7ff }) },
    { weight: 1, arbitrary: fc.integer({ min: 0x800, max: 0xd7ff }) },
    { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10_ffff }) },
  )
  .map((point) => String.fromCodePoint(point));
