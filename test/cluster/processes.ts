import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { recordProcess, type Slot } from './state.ts';

/** One program to run, with everything that it prints going to `NAME.log` in the slot. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A started program of the cluster. */
export interface Running {
  readonly pid: number;
  readonly log: string;
  /** Ends it and waits for that; SIGKILL after the grace period. */
  stop(graceMilliseconds?: number): Promise<void>;
  /** Throws with the end of the log when the program has ended by itself. */
  assertAlive(): void;
}

/**
 * Starts a program that dies with this process, even when this process is killed: the kernel sends it SIGKILL then.
 * Its pid is recorded for the next run as well, for the case that the kernel could not.
 */
export function startProgram(slot: Slot, program: Program): Running {
  const log = path.join(slot.directory, `${program.name}.log`);
  const output = openSync(log, 'a');
  const [command = '', ...args] = [...dyingWithParent(), ...program.command];
  const child = spawn(command, args, {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...program.environment },
    cwd: slot.directory,
  });
  closeSync(output);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${program.name} could not be started: is ${program.command[0]} there?`);
  recordProcess(slot, program.name, pid);
  // The test runner must be able to end when only a forgotten cluster is left.
  child.unref();
  return {
    pid,
    log,
    stop: (grace = 5000) => stop(child, grace),
    assertAlive: () => {
      if (child.exitCode === null && child.signalCode === null) return;
      throw new Error(`${program.name} has ended (${child.exitCode ?? child.signalCode}):\n${endOfLog(log)}`);
    },
  };
}

/** Waits until `ready` is true, asking four times a second; throws with the log when a program dies meanwhile. */
export async function waitFor(
  what: string,
  ready: () => Promise<boolean> | boolean,
  options: { readonly programs?: readonly Running[]; readonly seconds?: number } = {},
): Promise<void> {
  const end = Date.now() + (options.seconds ?? 60) * 1000;
  let reason = '';
  while (Date.now() < end) {
    for (const program of options.programs ?? []) program.assertAlive();
    try {
      if (await ready()) return;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const logs = (options.programs ?? []).map((program) => `--- ${program.log}\n${endOfLog(program.log)}`);
  throw new Error([`waited in vain: ${what}`, reason, ...logs].filter((line) => line !== '').join('\n'));
}

function dyingWithParent(): string[] {
  const setpriv = '/usr/bin/setpriv';
  return existsSync(setpriv) ? [setpriv, '--pdeathsig', 'KILL', '--'] : [];
}

async function stop(child: ChildProcess, grace: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.ref();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), grace);
  await ended;
  clearTimeout(timer);
}

function endOfLog(log: string): string {
  return readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
}
