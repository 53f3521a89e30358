import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { withoutSecrets } from '../../../shared/secret-text.ts';
import type { Secret } from '../../../shared/registry/secret.ts';

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** The last of what it wrote to standard error, without anything secret. */
  readonly words: string;
}

const kept = 8 * 1024;
/** How long a program may take to end by itself once it is asked to. */
const grace = 2000;

/** Ended with this process, however it ends. */
const running = new Set<ChildProcess>();

function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs a program without a shell; ends it when the signal is aborted. Never throws. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
    /** Values that must not be shown, whatever they look like. */
    readonly secrets: readonly Secret[];
  },
): Promise<Ended> {
  const { env, signal, secrets } = options;
  if (signal.aborted) return { code: null, words: 'stopped' };
  const child = spawn(program, [...args], { stdio: ['ignore', 'ignore', 'pipe'], env });
  let tail = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-kept);
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    timer = setTimeout(() => child.kill('SIGKILL'), grace);
  };
  if (running.size === 0) process.once('exit', endAll);
  running.add(child);
  signal.addEventListener('abort', stop, { once: true });
  const { promise, resolve } = Promise.withResolvers<Ended>();
  child.once('error', (error) => resolve({ code: null, words: error.message }));
  child.once('close', (code) => resolve({ code, words: hidden(tail, secrets) }));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    running.delete(child);
    if (running.size === 0) process.off('exit', endAll);
    signal.removeEventListener('abort', stop);
  }
}

function hidden(text: string, secrets: readonly Secret[]): string {
  let out = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    // Shorter ones would blot out half of every message and are guessed anyway.
    if (value.length >= 4) out = out.replaceAll(value, '[redacted]');
  }
  return withoutSecrets(out).trim();
}
