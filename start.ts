// `npm start`: builds if needed, then shows what doctor makes of a recorded cluster that has many faults.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

function run(...args: readonly string[]): number {
  return spawnSync(process.execPath, [...args], { cwd: import.meta.dirname, stdio: 'inherit' }).status ?? 1;
}

const built = run('build.ts', '--if-stale');
const code = built === 0 ? run('dist/kubectl-airgap.mjs', 'doctor', '--from', 'examples/broken-cluster') : built;
// 1 says that the example has the faults it is there to show; npm would call that a failure of its own.
process.exitCode = code === 1 ? 0 : code;
