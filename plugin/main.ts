#!/usr/bin/env node
// Old releases of Node must be able to read this file and what it imports statically, to be told that they are too old.
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { page } from './pages.ts';

const floor = [22, 19] as const;

/** Compiled code is kept in the user's own folder: in a shared one somebody else could have put it there. */
function keepCompiledCode(): void {
  const { XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: chosen } = process.env;
  if (chosen === undefined)
    module.enableCompileCache(path.join(cache || path.join(os.homedir(), '.cache'), 'kubectl-airgap', 'code'));
}

async function start(): Promise<void> {
  keepCompiledCode();
  const [{ runCli }, { processIo, finish }] = await Promise.all([import('./cli.ts'), import('./process-io.ts')]);
  const io = processIo();
  finish(await runCli(process.argv.slice(2), io), io);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < floor[0] || (major === floor[0] && minor < floor[1])) {
  process.stderr.write(
    `kubectl airgap needs Node ${floor.join('.')} or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  const answer = page(process.argv.slice(2));
  if (answer === undefined) void start();
  else process.stdout.write(answer);
}
