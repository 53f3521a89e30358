/** `npm run reliability`: every fault in turn on a real node, three times over; writes docs/reliability.md. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startCluster } from '../cluster-with-node.ts';
import { startLoad } from './load.ts';
import { reliabilityPage } from './reliability-page.ts';
import { broken, faults, prepare, suffer } from './reliability.ts';

const rounds = Number(process.argv[2] ?? 3);
const { quiet, rollout, killOne, killBoth, deleteBoth, rotate, policies, apiServer, everything } = faults;
const round = [quiet, rollout, killOne, killBoth, deleteBoth, rotate, policies, apiServer, everything];
const chosen = Array.from({ length: rounds }, () => round).flat();

await using cluster = await startCluster({ services: true });
await prepare(cluster);
await using load = startLoad(cluster);
const tallies = await suffer(cluster, load, chosen, ({ title, seconds, admitted, refused, longestGap }) =>
  console.log(`${title}: ${seconds.toFixed(0)} s, ${admitted} created, gap ${longestGap.toFixed(0)} ms`, refused),
);
const problems = await broken(cluster, chosen, tallies);
if (problems.length > 0) throw new Error(problems.join('\n'));
writeFileSync(
  path.resolve(import.meta.dirname, '../../../docs/reliability.md'),
  reliabilityPage(rounds, chosen, tallies),
);
