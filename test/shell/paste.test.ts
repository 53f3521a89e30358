import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { causes } from '../../plugin/doctor/causes/index.ts';
import type { Facts } from '../../plugin/doctor/finding.ts';

/** Facts that are whole commands or manifests, made and quoted by the check itself. */
const ready = new Set(['manifest', 'verify', 'renew', 'remove', 'copy', 'again', 'mirrorIt', 'restore', 'shorten']);

/** Every fact is this name, which whoever may create an object could have chosen. */
function named(name: string): Facts {
  return new Proxy<Record<string, string>>(
    {},
    { get: (_, key) => (typeof key === 'string' && !ready.has(key) ? name : undefined) },
  );
}

test('no name from a cluster runs as a command when a remedy is pasted', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-paste-'));
  const canary = path.join(folder, 'canary');
  const run = `>${canary}`;
  const escapes = [`$(${run})`, `';${run};'`, `";${run};"`, `'\n${run}\n'`];
  // Redirections are the shell's own, so a canary needs no program, and without a PATH nothing else can run.
  const script = 'for command; do eval "$command"; done </dev/null >/dev/null 2>&1';
  const escapesBy = (commands: readonly string[]): boolean => {
    rmSync(canary, { force: true });
    spawnSync('/bin/bash', ['-c', script, 'bash', ...commands], { cwd: folder, env: { PATH: '/nonexistent' } });
    return existsSync(canary);
  };
  try {
    for (const escape of escapes) {
      const steps = Object.values(causes).flatMap(({ remedy }) => remedy(named(`a${escape}`)));
      const commands = [...new Set(steps)].flatMap((step) => (step.startsWith('$ ') ? [step.slice(2)] : []));
      assert.ok(commands.length > 100);
      if (!escapesBy(commands)) continue;
      assert.fail(`a name gets out of its quotes in:\n${commands.filter((one) => escapesBy([one])).join('\n')}`);
    }
    // The trap itself works.
    assert.ok(escapesBy([`kubectl get a$(${run})`]));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
