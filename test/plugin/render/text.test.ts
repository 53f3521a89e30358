import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clean, cleanLine } from '../../../plugin/render/clean.ts';
import { isUnsafe } from '../../../shared/unsafe-text.ts';
import { wrap } from '../../../plugin/render/wrap.ts';
import { anyText } from '../../any-text.ts';

const anything = anyText({ maxLength: 60 });

test('cleaned text holds nothing that a terminal acts on, and cleaning twice is cleaning once', () => {
  fc.assert(
    fc.property(anything, (text) => {
      assert.ok(!isUnsafe(clean(text)));
      assert.equal(clean(clean(text)), clean(text));
      assert.ok(!cleanLine(text).includes('\n'));
    }),
  );
});

test('what is hidden becomes visible', () => {
  assert.equal(clean('\u001B]52;c;Zm9v\u0007'), String.raw`\u001b]52;c;Zm9v\u0007`);
  assert.equal(clean('safe\u202Efas'), String.raw`safe\u202efas`);
  assert.equal(clean('a\r\nb\tc'), 'a\nb\tc');
  assert.equal(clean('a\rb'), String.raw`a\u000db`);
  assert.equal(cleanLine(' a \n\n b '), 'a b');
  assert.equal(clean('grüße 木 ✓'), 'grüße 木 ✓');
});

test('wrapping loses no word, breaks none, and keeps to the width wherever words allow', () => {
  const words = fc.array(fc.stringMatching(/^[a-z/:.-]{1,30}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 5, max: 60 }), (list, width) => {
      const lines = wrap(list.join(' '), width);
      assert.deepEqual(lines.join(' ').split(' '), list);
      for (const line of lines) assert.ok(line.length <= width || !line.includes(' '), line);
    }),
  );
});

test('wide signs count double, and a no-break space joins', () => {
  assert.deepEqual(wrap('木木木 木木', 8), ['木木木', '木木']);
  assert.deepEqual(wrap('ab cd\u00A0ef', 6), ['ab', 'cd ef']);
  assert.deepEqual(wrap('a\n\nb', 10), ['a', '', 'b']);
});
