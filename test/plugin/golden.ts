import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const folder = path.resolve(import.meta.dirname, '../golden');

/** Compares text with a file in test/golden; `UPDATE_GOLDEN=1` writes the file instead, to be looked at in the diff. */
export function golden(name: string, text: string): void {
  const file = path.join(folder, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `there is no ${name}: run the test with UPDATE_GOLDEN=1 and look at what it writes`);
  assert.equal(text, readFileSync(file, 'utf8'), `${name} differs; UPDATE_GOLDEN=1 writes it anew`);
}
