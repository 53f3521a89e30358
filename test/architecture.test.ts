import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '..');
const files = (top: string): string[] => globSync(`${top}/**/*.ts`, { cwd: root });

/** Import specifiers of a file: static, type-only, re-exported and dynamic. */
function imports(file: string): string[] {
  const source = readFileSync(path.join(root, file), 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function top(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return path.relative(root, path.resolve(root, path.dirname(file), specifier)).split(path.sep)[0] ?? '';
}

test('plugin and webhook import shared, never each other', () => {
  const wrong: string[] = [];
  for (const [from, forbidden] of [
    ['plugin', ['webhook', 'test']],
    ['webhook', ['plugin', 'test']],
    ['shared', ['plugin', 'webhook', 'test']],
  ] as const) {
    for (const file of files(from))
      for (const specifier of imports(file))
        if ((forbidden as readonly string[]).includes(top(file, specifier))) wrong.push(`${file} imports ${specifier}`);
  }
  assert.deepEqual(wrong, []);
});

test('shared does no I/O and reads no clock', () => {
  const allowed = new Set(['node:crypto']);
  const wrong: string[] = [];
  for (const file of files('shared')) {
    for (const specifier of imports(file))
      if (specifier.startsWith('node:') && !allowed.has(specifier)) wrong.push(`${file} imports ${specifier}`);
    const source = readFileSync(path.join(root, file), 'utf8');
    if (/Date\.now\(\)|new Date\(\)|process\.|console\.|fetch\(/.test(source)) wrong.push(`${file} reaches outside`);
  }
  assert.deepEqual(wrong, []);
  assert.ok(files('shared').length > 0);
});

test('checks are pure: they import the domain and the shape of a snapshot, nothing that does I/O', () => {
  const wrong: string[] = [];
  for (const file of [...files('plugin/doctor/checks'), ...files('plugin/doctor/causes')])
    for (const specifier of imports(file))
      if (specifier.startsWith('node:') && specifier !== 'node:crypto') wrong.push(`${file} imports ${specifier}`);
  assert.deepEqual(wrong, []);
});
