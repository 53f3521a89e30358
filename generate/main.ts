/** Writes every generated file: `npm run generate`. A test makes the same files and compares. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatedFiles } from './files.ts';

const root = path.resolve(import.meta.dirname, '..');
for (const [file, content] of generatedFiles()) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}
