// `npm run bench [doctor|webhook|supply|admission]…`: measures and writes the sections of docs/benchmarks.md, whatever
// comes out.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { benchAdmission } from './admission/bench.ts';
import { benchDoctor } from './doctor.ts';
import { putSection } from './sections.ts';
import { measureSupply } from './supply/measure.ts';
import { supplySection } from './supply/report.ts';
import { measureWebhook } from './webhook/measure.ts';
import { webhookSection } from './webhook/report.ts';

const root = path.resolve(import.meta.dirname, '../..');
const file = path.join(root, 'docs/benchmarks.md');
const say = (line: string): void => console.error(line);

/** Each gives a section that begins with its own heading. */
const benches = new Map<string, () => Promise<string>>([
  ['doctor', () => benchDoctor(say)],
  ['supply', async () => supplySection(await measureSupply(500, say))],
  ['webhook', async () => webhookSection(await measureWebhook(12, say))],
  ['admission', () => benchAdmission(40, say)],
]);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benches.has(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${[...benches.keys()].join(', ')}.`);
  process.exit(2);
}
execFileSync(process.execPath, [path.join(root, 'build.ts')], { stdio: ['ignore', 2, 2] });
for (const [name, bench] of benches) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const section = await bench();
  // Written one by one, so that one that fails does not cost what the others found.
  writeFileSync(file, putSection(readFileSync(file, 'utf8'), section));
  console.log(section);
}
