// `npm run bench`: measures what the README promises and says whether it is met.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { startUp } from './start-up.ts';

const root = path.resolve(import.meta.dirname, '../..');
if (spawnSync(process.execPath, ['build.ts', '--if-stale'], { cwd: root, stdio: 'inherit' }).status !== 0)
  process.exit(1);

const { bare, version, help } = startUp();
for (const [name, time] of [
  ['version', version],
  ['--help', help],
] as const) {
  const ratio = time / bare;
  console.log(
    `${name}: ${time.toFixed(0)} ms, ${ratio.toFixed(2)} times a bare node (${bare.toFixed(0)} ms); promised 1.5: ${ratio <= 1.5 ? 'met' : 'missed'}`,
  );
}
