import process from 'node:process';
import type { Io } from './commands/io.ts';
import { progressLine } from './render/progress.ts';
import { terminalOf } from './render/terminal.ts';

/** Exit code of a program that Ctrl-C ended, by the shells' convention. */
const interrupted = 130;

/** The real process as an `Io`, with what a well-behaved program does about closed pipes and Ctrl-C. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const progress = progressLine(stderr, env);
  const abort = new AbortController();

  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // `| head` has read enough: nobody listens, so there is nobody to complain to.
      if (error.code !== 'EPIPE') throw error;
      abort.abort();
    });
  process.once('SIGINT', () => {
    progress.clear();
    abort.abort();
    process.once('SIGINT', () => process.exit(interrupted));
    setTimeout(() => process.exit(interrupted), 2000).unref();
  });

  return {
    print: (text) => {
      progress.clear();
      stdout.write(text);
    },
    say: (line) => {
      progress.clear();
      stderr.write(`${line}\n`);
    },
    progress: progress.update,
    stdin: process.stdin,
    env,
    signal: abort.signal,
    terminal: terminalOf(stdout, env, process.platform),
  };
}

/**
 * Ends the process once everything written has left it; idle connections do not keep it alive. A run that Ctrl-C broke
 * off ends like one, whatever the command made of it.
 */
export function finish(code: number, io: Io): void {
  const final = io.signal.aborted && code !== 0 && code !== 1 ? interrupted : code;
  process.exitCode = final;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(final)));
}
