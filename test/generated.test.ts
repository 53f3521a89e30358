import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { generatedFiles } from '../generate/files.ts';

const root = path.resolve(import.meta.dirname, '..');

for (const [file, content] of generatedFiles())
  test(`${file} is what "npm run generate" writes`, () => {
    assert.equal(readFileSync(path.join(root, file), 'utf8'), content);
  });
