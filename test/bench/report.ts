import { cpus, totalmem, release, type } from 'node:os';
import { failingEvery, namespaces, nodes } from './pods.ts';
import { median, type Run } from './measure.ts';

interface Measured {
  readonly pods: number;
  readonly rounds: number;
  readonly results: Readonly<Record<string, readonly Run[]>>;
  /** The least of many interleaved runs of each, in milliseconds. */
  readonly startUp: { readonly bare: number; readonly version: number; readonly help: number };
  /** Of the machine over the last quarter of an hour, as the kernel counts it. */
  readonly load: number;
  readonly recording: Run;
  readonly dumpBytes: number;
}

const limits = { ratio: 1.5, peakMiB: 256 };

/** The section of docs/benchmarks.md: the figures as they are, met or missed. */
export function report({ pods, rounds, results, startUp, load, recording, dumpBytes }: Measured): string {
  const runs = (name: string): readonly Run[] => results[name] ?? [];
  const times = (name: string): number[] => runs(name).map(({ milliseconds }) => milliseconds);
  const peak = (name: string): number => Math.max(...runs(name).map(({ peakMiB }) => peakMiB));
  const ratio = (name: string, base: string): number => median(times(name)) / median(times(base));
  const ms = (value: number): string => value.toFixed(0);
  const row = (title: string, name: string): string => {
    const all = times(name);
    return `| ${title} | ${ms(Math.min(...all))} | ${ms(median(all))} | ${ms(Math.max(...all))} | ${peak(name).toFixed(0)} |`;
  };
  const leastRatio = (name: string, base: string): number => Math.min(...times(name)) / Math.min(...times(base));
  const verdict = (value: number, limit: number): string => (value <= limit ? 'met' : '**missed**');
  const target = (what: string, value: number, limit: number, unit: string): string =>
    `| ${what} | ${limit}${unit} | ${value.toFixed(unit === '' ? 2 : 0)}${unit} | ${verdict(value, limit)} |`;
  const { bytes } = JSON.parse(runs('get')[0]?.stdout ?? '{}') as { bytes: number };
  const found = findings(runs('live')[0]);
  return `## Doctor, and start-up

- Machine: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}. The API server and etcd run on it too; its load over the last quarter of an hour was ${load.toFixed(1)}, where the benchmark alone makes about 2.
- Versions: Node ${process.versions.node}, Kubernetes 1.37.2, etcd 3.7.3.
- Objects: ${pods} pods in ${namespaces} namespaces on ${nodes} nodes, created through the API with their status, ${(bytes / pods / 1024).toFixed(1)} KiB of JSON each (${(bytes / 2 ** 20).toFixed(0)} MiB in all); one in ${failingEvery} has no image, and a warning event that says why.
- ${rounds} rounds, after one that is not counted; in each round every command runs once, one after another. Times are of whole processes, from start to exit. Peak memory is the kernel's high-water mark of the resident set.

### Targets

| what | target | measured | |
| --- | --- | --- | --- |
${target('`doctor pulls`, live: time of a bare GET', ratio('live', 'get'), limits.ratio, '')}
${target('`doctor pulls --from` a recording: time of a bare GET', ratio('dump', 'get'), limits.ratio, '')}
${target('`doctor pulls`, live: peak memory', peak('live'), limits.peakMiB, ' MiB')}
${target('`doctor pulls --from` a recording: peak memory', peak('dump'), limits.peakMiB, ' MiB')}
${target('`kubectl-airgap version`: time of `node -e 0`', startUp.version / startUp.bare, limits.ratio, '')}
${target('`kubectl-airgap --help`: time of `node -e 0`', startUp.help / startUp.bare, limits.ratio, '')}

Ratios are of medians (of the fastest runs: live ${leastRatio('live', 'get').toFixed(2)}, recording ${leastRatio('dump', 'get').toFixed(2)}); those of start-up are of the fastest of fifteen interleaved runs (\`node -e 0\` ${ms(startUp.bare)} ms, \`version\` ${ms(startUp.version)} ms, \`--help\` ${ms(startUp.help)} ms). The bare GET is \`test/bench/bare-get.ts\`: one Node process that asks for \`/api/v1/pods\` without paging, with the same client certificate and headers, reads the answer to its end and throws it away. The bare GET keeps one core busy, the API server's; \`doctor\` reads on the other core while the API server writes. Where other work takes both cores, the ratio comes nearer to that of the work: with a load of 8 beside it, it was once measured as 1.86.

### Times in milliseconds

| command | least | median | most | peak MiB |
| --- | --- | --- | --- | --- |
${row('bare `GET /api/v1/pods`', 'get')}
${row('`doctor pulls -o json`', 'live')}
${row('`doctor pulls -o json --from dump.tar.gz`', 'dump')}

\`doctor\` named ${found.objects} objects in ${found.findings} findings, live and from the recording alike: ${found.objects === findings(runs('dump')[0]).objects && found.findings === findings(runs('dump')[0]).findings ? 'yes' : '**no**'}.

Recording took ${ms(recording.milliseconds)} ms and ${recording.peakMiB.toFixed(0)} MiB at its peak; the recording is ${(dumpBytes / 2 ** 20).toFixed(1)} MiB.

### Raw figures

${Object.keys(results)
  .map((name) => `- ${name}: ${times(name).map(ms).join(', ')} ms`)
  .join('\n')}
`;
}

function findings(run: Run | undefined): { findings: number; objects: number } {
  const document = JSON.parse(run?.stdout ?? '{}') as {
    categories?: { checks: { findings: { objects: unknown[] }[] }[] }[];
  };
  const all = (document.categories ?? []).flatMap(({ checks }) => checks.flatMap((check) => check.findings));
  return { findings: all.length, objects: all.reduce((sum, { objects }) => sum + objects.length, 0) };
}
