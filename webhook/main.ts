#!/usr/bin/env node
import process from 'node:process';
import { AirgapError, messageOf } from '../shared/errors.ts';
import { readOptions, usage } from './options.ts';
import { serveFiles } from './serve-files.ts';

/** Ends within the API server's longest patience, whatever a client does. */
const hardEnd = 15_000;

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(usage);
    return;
  }
  // Before anything is served: whoever is told that it serves may end it at once.
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
  const write = (line: string): boolean => process.stdout.write(line);
  const running =
    options.from === 'files'
      ? await serveFiles(options, write)
      : await (await import('./serve-cluster.ts')).serveCluster(options, write);
  void asked.then(async () => {
    setTimeout(() => process.exit(1), options.shutdownDelay * 1000 + hardEnd).unref();
    await running.stop();
    process.exit(0);
  });
}

try {
  await start();
} catch (error) {
  const known = error instanceof AirgapError;
  process.stderr.write(`error: ${messageOf(error)}\n${known ? `${error.hint}\n` : ''}`);
  process.exitCode = known && (error.code === 'usage' || error.code === 'input') ? 2 : 3;
}
