import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalOf } from '../../../plugin/render/terminal.ts';

const screen = { isTTY: true, columns: 120 };
const pipe = {};

test('the width is the terminal’s, else COLUMNS, else 80, and never absurd', () => {
  const width = (output: object, env: Record<string, string>): number => terminalOf(output, env, 'linux').width;
  assert.equal(width(screen, { COLUMNS: '90' }), 120);
  assert.equal(width(pipe, { COLUMNS: '90' }), 90);
  for (const COLUMNS of ['', 'wide', '-3', '0', '1e9x']) assert.equal(width(pipe, { COLUMNS }), 80, COLUMNS);
  assert.equal(width(pipe, {}), 80);
  assert.equal(width({ columns: 3 }, {}), 40);
  assert.equal(width({ columns: 400 }, {}), 160);
});

test('colour is for terminals; NO_COLOR forbids it, FORCE_COLOR asks for it, a dumb terminal has none', () => {
  const cases: [object, Record<string, string>, boolean][] = [
    [screen, {}, true],
    [pipe, {}, false],
    [screen, { NO_COLOR: '1' }, false],
    [screen, { NO_COLOR: '' }, true],
    [screen, { TERM: 'dumb' }, false],
    [pipe, { FORCE_COLOR: '1' }, true],
    [pipe, { FORCE_COLOR: '' }, true],
    [screen, { FORCE_COLOR: '0' }, false],
    [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ];
  for (const [output, env, colour] of cases)
    assert.equal(terminalOf(output, env, 'linux').colour, colour, JSON.stringify([output, env]));
});

test('signs beyond ASCII need a locale with UTF-8', () => {
  const unicode = (env: Record<string, string>, platform: NodeJS.Platform = 'linux'): boolean =>
    terminalOf(screen, env, platform).unicode;
  assert.equal(unicode({ LANG: 'en_US.UTF-8' }), true);
  assert.equal(unicode({ LANG: 'de_DE.utf8' }), true);
  assert.equal(unicode({ LANG: 'C' }), false);
  assert.equal(unicode({ LC_ALL: 'C', LANG: 'en_US.UTF-8' }), false);
  assert.equal(unicode({ LC_ALL: '', LC_CTYPE: 'C.UTF-8' }), true);
  assert.equal(unicode({}), false);
  assert.equal(unicode({}, 'darwin'), true);
  assert.equal(unicode({}, 'win32'), false);
  assert.equal(unicode({ WT_SESSION: 'x' }, 'win32'), true);
});
