import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLine } from '../../../plugin/render/progress.ts';

interface Screen {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly write: (text: string) => boolean;
  text: string;
}

function screen(isTTY: boolean): Screen {
  const stream = {
    isTTY,
    columns: 30,
    text: '',
    write: (text: string) => {
      stream.text += text;
      return true;
    },
  };
  return stream;
}

test('a wait shorter than a second shows nothing; a longer one shows the latest line, and clearing wipes it', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stream = screen(true);
  const progress = progressLine(stream, {});
  progress.update('Reading pods…');
  t.mock.timers.tick(900);
  assert.equal(stream.text, '' as string);
  progress.update('Reading events…');
  t.mock.timers.tick(200);
  assert.equal(stream.text, '\r\u001B[2KReading events…' as string);
  progress.update('Reading something with a name that is longer than the line');
  assert.ok(stream.text.endsWith('\r\u001B[2KReading something with a name'));
  progress.clear();
  assert.ok(stream.text.endsWith('\r\u001B[2K'));
});

test('a few lines are wiped as many as they were, and never more than the screen has', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stream = Object.assign(screen(true), { rows: 4 });
  const progress = progressLine(stream, {});
  progress.update('2 of 9 images\n  app\n  db');
  t.mock.timers.tick(1000);
  assert.equal(stream.text, '\r\u001B[2K2 of 9 images\n  app\n  db' as string);
  stream.text = '';
  progress.update('3 of 9 images\n  a\n  b\n  c\n  d');
  assert.equal(stream.text, '\r\u001B[2A\u001B[0J3 of 9 images\n  a\n  b' as string);
  stream.text = '';
  progress.clear();
  assert.equal(stream.text, '\r\u001B[2A\u001B[0J' as string);
  progress.update('4 of 9 images');
  t.mock.timers.tick(1000);
  assert.ok(stream.text.endsWith('4 of 9 images'));
});

test('what is said now and again does not keep a long wait from being shown', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const stream = screen(true);
  const progress = progressLine(stream, {});
  for (let at = 0; at < 12; at += 1) {
    progress.update(`${at} of 12`);
    t.mock.timers.tick(100);
    if (at < 11) progress.clear();
  }
  assert.match(stream.text, /1[01] of 12/);
});

test('what is done within the second is never shown', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stream = screen(true);
  const progress = progressLine(stream, {});
  progress.update('Reading pods…');
  progress.clear();
  t.mock.timers.tick(5000);
  assert.equal(stream.text, '');
});

test('logs, dumb terminals and CI get no progress', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const [isTTY, env] of [
    [false, {}],
    [true, { TERM: 'dumb' }],
    [true, { CI: 'true' }],
  ] as const) {
    const stream = screen(isTTY);
    const progress = progressLine(stream, env);
    progress.update('Reading pods…');
    t.mock.timers.tick(5000);
    progress.clear();
    assert.equal(stream.text, '');
  }
});
