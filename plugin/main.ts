#!/usr/bin/env node
// Old releases of Node must be able to read this file and what it imports statically, to be told that they are too old.
// Node's own modules are fetched, not imported: that alone would take longer than printing a page of help.
import { page, print } from './pages.ts';

const floor = [22, 19] as const;

/** Compiled code is kept in the user's own folder: in a shared one somebody else could have put it there. */
function keepCompiledCode(): void {
  const { XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: chosen } = process.env;
  const { join } = process.getBuiltinModule('node:path');
  const home =
    cache === undefined || cache === '' ? join(process.getBuiltinModule('node:os').homedir(), '.cache') : cache;
  if (chosen === undefined)
    process.getBuiltinModule('node:module').enableCompileCache(join(home, 'kubectl-airgap', 'code'));
}

async function start(argv: readonly string[]): Promise<void> {
  keepCompiledCode();
  const [{ runCli }, { processIo, finish }] = await Promise.all([import('./cli.ts'), import('./process-io.ts')]);
  const io = processIo();
  finish(await runCli(argv, io), io);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < floor[0] || (major === floor[0] && minor < floor[1])) {
  process.stderr.write(
    `kubectl airgap needs Node ${floor.join('.')} or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  const argv = process.argv.slice(2);
  const answer = page(argv);
  if (answer === undefined) void start(argv);
  else print(answer);
}
