import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One run of a command. */
export interface Run {
  readonly milliseconds: number;
  /** The kernel's own high-water mark of resident memory. */
  readonly peakMiB: number;
  readonly stdout: string;
  readonly exitCode: number | null;
}

/** Starts a program and waits for it. Its memory is asked of the kernel, which remembers the peak, not sampled. */
export async function run(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Run> {
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  let peakMiB = 0;
  const look = (): void => {
    try {
      const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      peakMiB = Math.max(peakMiB, Number(kib ?? 0) / 1024);
    } catch {
      // It has ended since.
    }
  };
  const timer = setInterval(look, 25);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  const exitCode = await promise;
  clearInterval(timer);
  return { milliseconds: performance.now() - started, peakMiB, stdout: Buffer.concat(chunks).toString(), exitCode };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

/**
 * Runs every command once a round, round after round, so that whatever slows the machine for a while slows them all.
 * The first round warms caches up and is not counted.
 */
export async function interleaved(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, Run[]>> {
  const results: Record<string, Run[]> = {};
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, command] of Object.entries(commands)) {
      const result = await run(command, env);
      if (round > 0) (results[name] ??= []).push(result);
    }
  return results;
}
