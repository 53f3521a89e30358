import { loadavg } from 'node:os';
import { median, type Run } from '../measure.ts';
import { roundTrip, type SupplyFigures } from './measure.ts';

const limits = { verify: 1 / 3, copy: 1.1, peakMiB: 150 };
/** Connections of `lock` to one registry. */
const connections = 16;

/** The section of docs/benchmarks.md: the figures as they are, met or missed. */
export function supplySection({ images, near, far, lock, copy }: SupplyFigures): string {
  const times = (runs: readonly Run[] = []): number[] => runs.map(({ milliseconds }) => milliseconds);
  const peak = (runs: readonly Run[] = []): number => Math.max(...runs.map(({ peakMiB }) => peakMiB));
  const ratio = (one: readonly Run[] = [], other: readonly Run[] = []): number =>
    median(times(one)) / median(times(other));
  const verdict = (met: boolean): string => (met ? 'met' : '**missed**');
  const faster = Math.min(median(times(copy['regsync once'])), median(times(copy['skopeo sync'])));
  const cold = median(times(copy['mirror run'])) / faster;
  const nearRatio = ratio(near['verify'], near['regsync']);
  const farRatio = ratio(far['verify'], far['regsync']);
  const bound = (lock.requests * roundTrip) / connections;
  const most = Math.max(peak(near['verify']), peak(far['verify']), lock.run.peakMiB, peak(copy['mirror run']));
  const rows = [
    ...Object.entries(near).map(([name, runs]) => [`\`${commands[name] ?? name}\`, on loopback`, runs] as const),
    ...Object.entries(far).map(
      ([name, runs]) => [`\`${commands[name] ?? name}\`, ${roundTrip} ms away`, runs] as const,
    ),
    [`\`lock\`, ${roundTrip} ms away`, [lock.run]] as const,
    ...Object.entries(copy).map(([name, runs]) => [`\`${name}\`, cold`, runs] as const),
  ];
  return `## The supply chain

${images} images of two platforms with small layers, in two registries (distribution 3, plain HTTP) on this machine. "${roundTrip} ms away" is behind a relay that holds every piece up for half of that, each way. Commands run one after another, round after round; times are of whole processes. The machine's load at the end was ${loadavg()[0]?.toFixed(1)}.

| what | target | measured | |
| --- | --- | --- | --- |
| \`verify\` of what is mirrored: time of \`regsync check\`, on loopback | ${limits.verify.toFixed(2)} | ${nearRatio.toFixed(2)} | ${verdict(nearRatio <= limits.verify)} |
| the same, ${roundTrip} ms away | ${limits.verify.toFixed(2)} | ${farRatio.toFixed(2)} | ${verdict(farRatio <= limits.verify)} |
| \`mirror run\`, cold: time of the faster of \`regsync once\` and \`skopeo sync\` | ${limits.copy} | ${cold.toFixed(2)} | ${verdict(cold <= limits.copy)} |
| \`lock\`: time of its ${lock.requests} requests at ${roundTrip} ms, ${connections} at once | bound by round trips | ${(lock.run.milliseconds / bound).toFixed(2)} | |
| peak memory of all these | ${limits.peakMiB} MiB | ${most.toFixed(0)} MiB | ${verdict(most <= limits.peakMiB)} |

\`regsync check\` asks each registry once for the digest of each tag. \`verify\` asks the mirror for the digest of the tag and of the manifest of each locked platform, since an index may be there without them; it does not ask the source at all.

| command | least ms | median | most | peak MiB |
| --- | --- | --- | --- | --- |
${rows.map(([name, runs]) => `| ${name} | ${whole(Math.min(...times(runs)))} | ${whole(median(times(runs)))} | ${whole(Math.max(...times(runs)))} | ${whole(peak(runs))} |`).join('\n')}
`;
}

const commands: Readonly<Record<string, string>> = { verify: 'verify', regsync: 'regsync check' };
const whole = (value: number): string => value.toFixed(0);
