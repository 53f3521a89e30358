import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane } from './cluster.ts';
import { debianFile } from './tools/debian.ts';

test('a killed control plane leaves no process behind, and the next start removes its files', async () => {
  const { victim, directory } = await startVictim('cluster.ts', 'startControlPlane()');
  const pids = recordedPids(directory);
  assert.ok(pids.length >= 4 && pids.every((pid) => isRunning(pid)));
  victim.kill('SIGKILL');
  await gone(pids);
  assert.ok(existsSync(`${directory}/control-plane`), 'a killed process removes nothing itself');
  await using next = await startControlPlane();
  assert.ok(next.directory === directory || !existsSync(directory), 'its files are still there');
  assert.equal((await next.api.raw('GET', '/readyz')).status, 200);
});

test('a killed cluster with a node leaves no process, mount, interface or control group behind', async () => {
  const source = `startCluster().then(async (cluster) => {
    const { pod } = await import(${JSON.stringify(`${import.meta.dirname}/pod.ts`)});
    const { waitFor } = await import(${JSON.stringify(`${import.meta.dirname}/processes.ts`)});
    await cluster.api.apply(pod('app', 'registry.example.com/pause:3.10'));
    await waitFor('the pod runs', async () => (await cluster.kubectl(['get', 'pod', 'app', '-o', 'jsonpath={.status.phase}'])) === 'Running');
    return cluster;
  })`;
  const { victim, directory } = await startVictim('cluster-with-node.ts', source);
  const slot = /slot-(\d+)$/v.exec(directory)?.[1] ?? '';
  const ofSlot = new RegExp(`airgap${slot}\\b`, 'v');
  const links = (): string => execFileSync(debianFile('iproute2'), ['-o', 'link']).toString();
  assert.match(links(), ofSlot);
  const namespace = readFileSync(`${directory}/pids/first-process`, 'utf8').split(' ')[0];
  const members = processesInside(Number(namespace));
  // etcd, API server, two controllers, containerd, kubelet, a shim, the pod and its sandbox.
  assert.ok(members.length >= 9, `${members.length} processes in the namespaces`);
  victim.kill('SIGKILL');
  await gone([...members, ...recordedPids(directory)]);
  assert.doesNotMatch(links(), ofSlot);
  assert.ok(!readFileSync('/proc/self/mounts', 'utf8').includes(directory));
  await using next = await startControlPlane();
  assert.ok(next.directory === directory || !existsSync(directory), 'its files are still there');
  assert.deepEqual(globSync(`/sys/fs/cgroup/**/airgap-test-${slot}`), []);
});

/** Starts a cluster in another process, and waits until it is up. */
async function startVictim(module: string, start: string): Promise<{ victim: ChildProcess; directory: string }> {
  const name = start.slice(0, start.indexOf('('));
  const source = `
    const { ${name} } = await import(${JSON.stringify(`${import.meta.dirname}/${module}`)});
    const cluster = await ${start};
    console.log(cluster.directory);
    setInterval(() => {}, 1000);
  `;
  const victim = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [directory] = (await once(createInterface({ input: victim.stdout }), 'line')) as [string];
  return { victim, directory };
}

function recordedPids(directory: string): number[] {
  const files = readdirSync(`${directory}/pids`);
  return files.map((name) => Number(readFileSync(`${directory}/pids/${name}`, 'utf8').split(' ')[0]));
}

/** All processes whose network is that of the given one. */
function processesInside(pid: number): number[] {
  const links = execFileSync('sh', [
    '-c',
    `find /proc -maxdepth 3 -path '/proc/[0-9]*/ns/net' -printf '%p %l\\n' 2>/dev/null || true`,
  ]);
  const entries = links
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const wanted = entries.find(([path]) => path === `/proc/${pid}/ns/net`)?.[1];
  return entries.filter(([, link]) => link === wanted).map(([path]) => Number(path?.split('/')[2]));
}

async function gone(pids: readonly number[]): Promise<void> {
  for (let i = 0; i < 100 && pids.some((pid) => isRunning(pid)); i += 1) await sleep(100);
  assert.deepEqual(
    pids.filter((pid) => isRunning(pid)),
    [],
  );
}

function isRunning(pid: number): boolean {
  try {
    return !/\) Z /v.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
