import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane } from './cluster.ts';

test('a killed test leaves no process behind, and the next start removes its files', async () => {
  const source = `
    const { startControlPlane } = await import(${JSON.stringify(`${import.meta.dirname}/cluster.ts`)});
    const cluster = await startControlPlane();
    console.log(cluster.directory);
    setInterval(() => {}, 1000);
  `;
  const victim = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [directory] = (await once(createInterface({ input: victim.stdout }), 'line')) as [string];
  const pids = readdirSync(`${directory}/pids`).map((name) =>
    Number(readFileSync(`${directory}/pids/${name}`, 'utf8').split(' ')[0]),
  );
  assert.ok(pids.length >= 4 && pids.every((pid) => isRunning(pid)));
  victim.kill('SIGKILL');
  for (let i = 0; i < 50 && pids.some((pid) => isRunning(pid)); i += 1) await sleep(100);
  assert.deepEqual(
    pids.filter((pid) => isRunning(pid)),
    [],
  );

  assert.ok(existsSync(`${directory}/control-plane`));
  await using next = await startControlPlane();
  assert.ok(next.directory === directory || !existsSync(directory), 'its files are still there');
  assert.equal((await next.api.raw('GET', '/readyz')).status, 200);
});

function isRunning(pid: number): boolean {
  try {
    return !/\) Z /v.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
