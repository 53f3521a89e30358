#!/usr/bin/env node
// This file must stay readable for old releases of Node, which is why it has no static import of anything else.
import module from 'node:module';
import process from 'node:process';

const floor = '22.19';

function tooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [floorMajor = 0, floorMinor = 0] = floor.split('.').map(Number);
  return major < floorMajor || (major === floorMajor && minor < floorMinor);
}

if (tooOld()) {
  process.stderr.write(`kubectl airgap needs Node ${floor} or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const { enableCompileCache } = module;
  enableCompileCache();
  const [{ runCli }, { processIo, finish }] = await Promise.all([import('./cli.ts'), import('./process-io.ts')]);
  const io = processIo();
  finish(await runCli(process.argv.slice(2), io), io);
}
