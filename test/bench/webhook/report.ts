import { loadavg } from 'node:os';
import { median } from '../measure.ts';
import type { Turn } from './load.ts';
import type { WebhookFigures } from './measure.ts';

const limits = { share: 0.5, p99: 5, peakMiB: 120 };

/** The section of docs/benchmarks.md: the figures as they are, met or missed. */
export function webhookSection(figures: WebhookFigures): string {
  const { bytes, connections, milliseconds, bare, mutate, validate, half, peakMiB } = figures;
  const rates = (turns: readonly Turn[]): number[] => turns.map(({ perSecond }) => perSecond);
  const costs = (turns: readonly Turn[]): number[] => turns.map(({ cost }) => cost);
  const all = (turns: readonly Turn[]): number[] => turns.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
  const percentile = (turns: readonly Turn[], share: number): number => {
    const sorted = all(turns);
    return sorted[Math.floor(sorted.length * share)] ?? 0;
  };
  /** Each turn against the bare server's turn beside it. */
  const share = (turns: readonly Turn[]): number =>
    median(turns.map(({ perSecond }, index) => perSecond / (bare[index]?.perSecond ?? 1)));
  const verdict = (met: boolean): string => (met ? 'met' : '**missed**');
  const row = (name: string, turns: readonly Turn[]): string =>
    `| ${name} | ${median(rates(turns)).toFixed(0)} | ${Math.max(...rates(turns)).toFixed(0)} | ${median(costs(turns)).toFixed(0)} | ${percentile(turns, 0.5).toFixed(2)} | ${percentile(turns, 0.99).toFixed(2)} |`;
  const p99 = percentile(half, 0.99);
  const offered = Math.max(...rates(mutate)) / 2;
  return `## The webhook

One AdmissionReview of ${(bytes / 1000).toFixed(1)} KB with five images (four are rewritten, one is allowed), over ${connections} HTTPS connections that stay open, one request at a time on each. Both servers run on one core and take turns of ${milliseconds / 1000} s, after 10 s each that are not counted; the load comes from the other core (\`test/bench/webhook\`). The machine's load at the end was ${loadavg()[0]?.toFixed(1)}, where the benchmark alone makes 2.

| what | target | measured | |
| --- | --- | --- | --- |
| \`/mutate\`: requests a second, of those of a bare Node HTTPS server that answers \`{}\` | ${limits.share} | ${share(mutate).toFixed(2)} | ${verdict(share(mutate) >= limits.share)} |
| \`/validate\` of what comes out of it: the same | ${limits.share} | ${share(validate).toFixed(2)} | ${verdict(share(validate) >= limits.share)} |
| \`/mutate\` at half of its best load: 99th percentile | ${limits.p99} ms | ${p99.toFixed(1)} ms | ${verdict(p99 <= limits.p99)} |
| peak memory | ${limits.peakMiB} MiB | ${peakMiB.toFixed(0)} MiB | ${verdict(peakMiB <= limits.peakMiB)} |

| server | requests a second, median | most | µs of processor time a request | 50th percentile ms | 99th ms |
| --- | --- | --- | --- | --- | --- |
${row('bare Node', bare)}
${row('`/mutate`', mutate)}
${row('`/validate`', validate)}
${row(`\`/mutate\` at ${offered.toFixed(0)} requests a second`, half)}

By processor time, which other work on the machine changes less, \`/mutate\` does ${(median(costs(bare)) / median(costs(mutate))).toFixed(2)} and \`/validate\` ${(median(costs(bare)) / median(costs(validate))).toFixed(2)} of the bare server. The load generator used ${(100 * median(mutate.map(({ busy }) => busy))).toFixed(0)} % of its core.

Raw, requests a second turn by turn: bare ${rates(bare).map(whole).join(', ')}; mutate ${rates(mutate).map(whole).join(', ')}; validate ${rates(validate).map(whole).join(', ')}.
`;
}

const whole = (value: number): string => value.toFixed(0);
