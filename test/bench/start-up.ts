import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const program = path.resolve(import.meta.dirname, '../../dist/kubectl-airgap.mjs');

/** Times of interleaved runs in milliseconds; the fastest of each counts, since noise only ever adds. */
export function startUp(rounds = 15): { readonly bare: number; readonly version: number; readonly help: number } {
  const times = { bare: Infinity, version: Infinity, help: Infinity };
  const commands = { bare: ['-e', '0'], version: [program, 'version'], help: [program, '--help'] };
  for (let round = 0; round < rounds; round += 1)
    for (const [name, args] of Object.entries(commands) as [keyof typeof times, string[]][]) {
      const started = performance.now();
      const { status } = spawnSync(process.execPath, args);
      if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
      times[name] = Math.min(times[name], performance.now() - started);
    }
  return times;
}
