import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { familiar, normalize, parseReference, repositoryOf } from '../../shared/image/reference.ts';
import { generateReferences } from './references.ts';

const source = path.join(import.meta.dirname, 'reference');

/** The Go program, built once into the cache and again only when its source or its pinned modules change. */
function oracle(): string {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(path.join(source, file)));
  const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'kubectl-airgap');
  const program = path.join(cache, `reference-oracle-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const fresh = `${program}.${process.pid}`;
  execFileSync('go', ['build', '-trimpath', '-o', fresh, '.'], {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  renameSync(fresh, program);
  return program;
}

function ours(image: string): Record<string, string | boolean> {
  const parsed = parseReference(image);
  if (!parsed.ok) return { valid: false, name: '', familiar: '', full: '', tag: '', digest: '' };
  const { reference } = parsed;
  return {
    valid: true,
    name: repositoryOf(reference),
    familiar: familiar(reference),
    full: normalize(reference),
    tag: reference.tag ?? '',
    digest: reference.digest ?? '',
  };
}

test('120,000 generated references read as the Go implementation reads them', () => {
  const seed = Number(process.env['SEED'] ?? 20261122);
  const images = generateReferences(seed, 120_000);
  const input = images.map((image) => JSON.stringify(image)).join('\n');
  const answers = execFileSync(oracle(), { input, maxBuffer: 1 << 28 })
    .toString()
    .trim()
    .split('\n');
  assert.equal(answers.length, images.length);

  const differences: unknown[] = [];
  let valid = 0;
  images.forEach((image, index) => {
    const theirs = JSON.parse(answers[index] ?? '') as Record<string, string | boolean>;
    if (theirs['valid'] === true) valid += 1;
    const mine = ours(image);
    if (JSON.stringify(mine) !== JSON.stringify(theirs)) differences.push({ image, mine, theirs });
  });
  assert.deepEqual(differences.slice(0, 10), [], `seed ${seed}: ${differences.length} differences`);
  // A generator that makes only valid or only invalid names would prove nothing.
  assert.ok(valid > images.length / 4 && valid < (images.length * 3) / 4, `${valid} of ${images.length} are valid`);
});
