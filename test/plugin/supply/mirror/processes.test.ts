import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { findEngine } from '../../../../plugin/supply/mirror/engines/find.ts';
import { privateFolder } from '../../../../plugin/supply/mirror/private-folder.ts';
import { runProgram } from '../../../../plugin/supply/mirror/run-program.ts';
import { untilEnded } from '../../../../plugin/supply/mirror/until-ended.ts';
import { Secret } from '../../../../shared/registry/secret.ts';
import { workspace } from '../../commands/workspace.ts';

const never = new AbortController().signal;
const node = (script: string, signal = never): ReturnType<typeof runProgram> =>
  runProgram(process.execPath, ['-e', script], { env: {}, signal, secrets: [new Secret('correct-horse')] });

test('what a program says is kept without what is secret in it', async () => {
  const script = `console.error('denied for correct-horse, Authorization: Bearer ${'abcdefgh'.repeat(4)}'); process.exit(4)`;
  const { code, words } = await node(script);
  assert.equal(code, 4);
  assert.match(words, /^denied for \[redacted\], .*\[redacted\]/);
  assert.ok(!words.includes('abcdefgh'));
  assert.equal((await node(`process.stderr.write('x'.repeat(1e6))`)).words.length, 8192);
  const missing = await runProgram('/nonexistent/regctl', [], { env: {}, signal: never, secrets: [] });
  assert.deepEqual([missing.code, missing.words.includes('ENOENT')], [null, true]);
});

test('a program is ended when the run is, and not begun after it', async () => {
  const stop = new AbortController();
  const running = node('setInterval(() => 0, 1000)', stop.signal);
  setTimeout(() => stop.abort(), 50);
  assert.equal((await running).code, null);
  assert.deepEqual(await node('', stop.signal), { code: null, words: 'stopped' });
});

test('files with logins are for their owner alone, and go with the run and with one that was killed', async () => {
  const own = `kubectl-airgap-mirror-${process.pid}-`;
  const left = path.join(tmpdir(), 'kubectl-airgap-mirror-999999999-left');
  mkdirSync(left, { recursive: true });
  const folder = await privateFolder();
  assert.ok(!existsSync(left));
  const files = await folder.write({ 'auth.json': '{}', 'certs/ca.crt': 'PEM' });
  for (const name of ['auth.json', 'certs/ca.crt'])
    assert.equal(statSync(path.join(files.path, name)).mode & 0o777, 0o600);
  assert.equal(statSync(path.dirname(files.path)).mode & 0o777, 0o700);
  await files.remove();
  assert.ok(!existsSync(files.path));
  folder.remove();
  assert.deepEqual(
    readdirSync(tmpdir()).filter((name) => name.startsWith(own)),
    [],
  );
  rmSync(left, { recursive: true, force: true });
});

test('an engine is the named one, or regctl before skopeo, from whole folders of the PATH only', async () => {
  const place = workspace({ 'both/regctl': '', 'both/skopeo': '', 'one/skopeo': '', 'not/regctl': '' });
  const { chmodSync } = await import('node:fs');
  for (const file of ['both/regctl', 'both/skopeo', 'one/skopeo']) chmodSync(path.join(place, file), 0o755);
  const found = async (wanted: 'regctl' | 'skopeo' | undefined, ...folders: string[]): Promise<string | undefined> => {
    const PATH = folders.map((name) => (name === '' ? '' : path.join(place, name))).join(':');
    return (await findEngine(wanted, { PATH }))?.program.slice(place.length + 1);
  };
  assert.equal(await found(undefined, 'both'), 'both/regctl');
  assert.equal(await found('skopeo', 'one', 'both'), 'one/skopeo');
  assert.equal(await found(undefined, 'not', '', 'one'), 'one/skopeo');
  assert.equal(await found('regctl', 'one', 'not'), undefined);
  assert.equal(await findEngine(undefined, {}), null);
});

test('a signal that would end the process waits for the work to be put away', async () => {
  const received: string[] = [];
  const own = (name: string): void => void received.push(name);
  const result = untilEnded(never, async (signal) => {
    process.kill(process.pid, 'SIGHUP');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    // Whoever listens for the second one is the process itself, which would end by it.
    process.once('SIGHUP', own);
    return 'put away';
  });
  assert.equal(await result, 'put away');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(received, ['SIGHUP']);
});
