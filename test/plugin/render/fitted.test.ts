import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitted } from '../../../plugin/render/fitted.ts';
import { terminalOf } from '../../../plugin/render/terminal.ts';
import { pipe } from './sample.ts';

const headings = ['IMAGE', 'NEEDED BY'];
const rows = [
  ['registry.example.com/shop/app:1', 'Deployment shop/web and 3 more'],
  ['', 'CronJob shop/night\u001b[2J'],
  ['docker.io/library/redis:7.2', ''],
];
const inColumns = [
  'IMAGE                            NEEDED BY',
  'registry.example.com/shop/app:1  Deployment shop/web and 3 more',
  String.raw`                                 CronJob shop/night\u001b[2J`,
  'docker.io/library/redis:7.2',
];

test('rows that fit the terminal are columns, and so are all in a pipe', () => {
  assert.deepEqual(fitted(headings, rows, { ...pipe, columns: 63 }), inColumns);
  assert.deepEqual(fitted(headings, rows, { ...pipe, width: 40 }), inColumns);
});

test('where one row does not fit, each is a block that is wrapped, and no word of it is broken', () => {
  assert.deepEqual(fitted(headings, rows, { ...pipe, columns: 62, width: 40 }), [
    'IMAGE      registry.example.com/shop/app:1',
    'NEEDED BY  Deployment shop/web and 3',
    '           more',
    String.raw`           CronJob shop/night\u001b[2J`,
    '',
    'IMAGE      docker.io/library/redis:7.2',
  ]);
});

test('only a terminal has columns of its own, and as many as it has', () => {
  assert.equal(terminalOf({ isTTY: true, columns: 400 }, {}, 'linux').columns, 400);
  assert.equal(terminalOf({}, { COLUMNS: '90' }, 'linux').columns, undefined);
});
