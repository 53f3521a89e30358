import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { issue } from '../../x509.ts';
import type { Plan, Turn } from './load.ts';
import { fiveContainers, fiveMirrored, policy } from './review.ts';

const here = import.meta.dirname;
const root = path.resolve(here, '../../..');
/** As its image starts it. */
const program = [...nodeFlags(), path.join(root, 'dist/airgap-webhook.mjs')];
const connections = 16;

export interface WebhookFigures {
  /** Bytes of the AdmissionReview. */
  readonly bytes: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** As many requests as come, turn by turn. */
  readonly bare: readonly Turn[];
  readonly mutate: readonly Turn[];
  readonly validate: readonly Turn[];
  /** `/mutate` at half of what it managed. */
  readonly half: readonly Turn[];
  readonly peakMiB: number;
}

/** Measures the built webhook against a bare server, turn about, both on the first core; the load comes from the other. */
export async function measureWebhook(turns: number, say: (line: string) => void): Promise<WebhookFigures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'airgap-bench-'));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const leaf = issue({ cn: 'bench', names: ['IP:127.0.0.1'] });
  const [certificate, key] = [file('tls.crt', leaf.pem), file('tls.key', leaf.keyPem)];
  const bodies = { mutate: file('mutate.json', fiveContainers()), validate: file('validate.json', fiveMirrored()) };
  const flags = ['--policy', file('policy.yaml', policy), '--tls-cert', certificate, '--tls-key', key, '--port', '0'];
  const children: ChildProcess[] = [];
  const milliseconds = 500;
  try {
    const bare = await listening(children, [path.join(here, 'bare.ts'), certificate, key]);
    const ours = await listening(children, [...program, ...flags]);
    say('Measuring the webhook as fast as it goes…');
    const [first = [], mutate = [], validate = []] = take({
      targets: [
        { ...bare, path: '/', body: bodies.mutate, rate: 0 },
        { ...ours, path: '/mutate', body: bodies.mutate, rate: 0 },
        { ...ours, path: '/validate', body: bodies.validate, rate: 0 },
      ],
      connections,
      turns,
      // Compilers take their time: what a request costs falls for the first twenty thousand.
      warmUp: 20,
      milliseconds,
    });
    const rate = Math.max(...mutate.map(({ perSecond }) => perSecond)) / 2;
    say(`Measuring it at ${rate.toFixed(0)} requests a second…`);
    const target = { ...ours, path: '/mutate', body: bodies.mutate, rate };
    const [half = []] = take({ targets: [target], connections, turns, warmUp: 2, milliseconds: 2 * milliseconds });
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${ours.pid}/status`, 'utf8'))?.[1];
    const bytes = Buffer.byteLength(fiveContainers());
    return { bytes, connections, milliseconds, bare: first, mutate, validate, half, peakMiB: Number(peak) / 1024 };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

function nodeFlags(): string[] {
  const [, line = '[]'] = /^ENTRYPOINT (.*)$/m.exec(readFileSync(path.join(root, 'Dockerfile'), 'utf8')) ?? [];
  return (JSON.parse(line) as string[]).filter((word) => word.startsWith('--'));
}

/** Where there is one core only, server and load share it, and the figures say less. */
function pin(core: '0' | '1'): string[] {
  return ['-c', availableParallelism() > 1 ? core : '0', process.execPath];
}

function take(plan: Plan): Turn[][] {
  const { stdout, status } = spawnSync('taskset', [...pin('1'), path.join(here, 'load.ts'), JSON.stringify(plan)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`the load generator ended with ${status}`);
  return JSON.parse(stdout) as Turn[][];
}

async function listening(
  children: ChildProcess[],
  args: readonly string[],
): Promise<{ readonly pid: number; readonly port: number }> {
  const child = spawn('taskset', [...pin('0'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  // What it logs later must not fill the pipe.
  child.stdout.resume();
  // taskset becomes the program, so this is the server's own.
  return { pid: child.pid ?? 0, port: (JSON.parse(line) as { port: number }).port };
}
