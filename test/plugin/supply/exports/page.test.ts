import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exporters } from '../../../../plugin/supply/exports/index.ts';

test('the page about exports has a row for every format', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/exports.md'), 'utf8');
  const rows = new Set([...page.matchAll(/^\| `([-a-z0-9]+)`/gm)].map(([, name]) => name));
  assert.deepEqual(rows, new Set(Object.keys(exporters)));
});
