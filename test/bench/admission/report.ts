import { loadavg } from 'node:os';
import { median } from '../measure.ts';
import { variants, type Times, type Variant } from './measure.ts';

/** Milliseconds over no policy; half of what a first form by hand cost, and what a webhook pod may. */
const targets: readonly (readonly [name: string, engine: Variant['engine'], limit: number])[] = [
  ['the webhook adds', 'webhook', 4],
  ['the CEL form adds', 'cel', 3.65],
];

/** The section of docs/benchmarks.md: the figures as they are, met or missed. */
export function admissionSection(times: Times, rounds: number, turn: number): string {
  const of = (variant: Variant | undefined): readonly number[] =>
    (variant === undefined ? undefined : times.get(variant)) ?? [];
  const [base] = variants;
  const bare = median(of(base));
  const added = (variant: Variant): string => (variant === base ? '' : ms(median(of(variant)) - bare));
  const rows = variants.map((variant) => {
    const sorted = of(variant).toSorted((a, b) => a - b);
    const at = (share: number): string => ms(sorted[Math.floor(sorted.length * share)] ?? NaN);
    return `| ${variant.name} | ${at(0)} | ${at(0.1)} | ${ms(median(sorted))} | ${at(0.99)} | ${added(variant)} |`;
  });
  const verdicts = targets.map(([name, engine, limit]) => {
    const value = median(of(variants.find((variant) => variant.engine === engine))) - bare;
    return `| ${name} | ${ms(limit)} | ${ms(value)} | ${value <= limit ? 'met' : '**missed**'} |`;
  });
  const bytes = Buffer.byteLength(base?.pod ?? '');
  return `## Admission

Dry-run creation of a pod with five containers (${(bytes / 1000).toFixed(1)} kB) in a real API server on one connection, in milliseconds: ${rounds} rounds in which each variant has ${turn} requests in turn. The webhook is its own process on loopback, registered with the match conditions that it keeps in a cluster, in the same machine as the API server, etcd and the client; the machine's load was ${loadavg()[0]?.toFixed(1)}, where the benchmark alone makes less than 2.

| what (median over no policy) | target | measured | |
| --- | --- | --- | --- |
${verdicts.join('\n')}

| variant | least | a tenth below | median | 99 in 100 below | over no policy |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

const ms = (value: number): string => value.toFixed(2);
