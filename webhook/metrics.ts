import type { Facts, Webhook } from './review.ts';

type Labels = Readonly<Record<string, string>>;

/** Series of one metric: a cluster has thousands of namespaces, but a counter must not grow with what users invent. */
const mostSeries = 5000;
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** The metrics of the webhook, in the text format of Prometheus. */
export interface Metrics {
  readonly answered: (webhook: Webhook, facts: Facts, seconds: number) => void;
  readonly refused: (code: number) => void;
  readonly ownerLoop: (namespace: string, ownerKind: string) => void;
  readonly policyReload: (result: 'ok' | 'invalid') => void;
  readonly certificateReload: (result: 'ok' | 'invalid') => void;
  readonly text: (now: Gauges) => string;
}

/** What is read at the time of a scrape. */
export interface Gauges {
  readonly policies: readonly { readonly name: string; readonly mode: string; readonly generation: number }[];
  /** Whether the policy that is on disk, or in the cluster, is the one in force. */
  readonly policyCurrent: boolean;
  /** Seconds since 1970. */
  readonly certificateExpiry: number;
  readonly residentBytes: number;
}

export function createMetrics(): Metrics {
  const decisions = counter(
    'airgap_image_decisions_total',
    ['webhook', 'action', 'effect', 'rule', 'mode', 'namespace'],
    'Images by what was decided.',
  );
  const objects = counter(
    'airgap_admissions_total',
    ['webhook', 'outcome', 'dry_run'],
    'Objects by what came of them.',
  );
  const refusals = counter(
    'airgap_refused_requests_total',
    ['code'],
    'Requests that were no AdmissionReview, by HTTP status.',
  );
  const loops = counter(
    'airgap_owner_loops_total',
    ['namespace', 'kind'],
    'Owners seen to recreate pods after their images were rewritten.',
  );
  const policyReloads = counter(
    'airgap_policy_reloads_total',
    ['result'],
    'Changed policies by whether they were taken.',
  );
  const certificateReloads = counter(
    'airgap_certificate_reloads_total',
    ['result'],
    'Changed certificates by whether they were taken.',
  );
  const latency = new Map<Webhook, Histogram>();

  return {
    answered: (webhook, { judgement, policy, namespace, dryRun }, seconds) => {
      observe(latency, webhook, seconds);
      const outcome = judgement.passed !== null ? 'passed' : judgement.rejection === null ? 'allowed' : 'rejected';
      objects.add(webhook, outcome, String(dryRun));
      const mode = policy?.mode ?? '';
      for (const { decision, effect } of judgement.images)
        decisions.add(webhook, decision.action, effect, decision.rule?.sourcePrefix ?? '', mode, namespace);
    },
    refused: (code) => refusals.add(String(code)),
    ownerLoop: (namespace, kind) => loops.add(namespace, kind),
    policyReload: (result) => policyReloads.add(result),
    certificateReload: (result) => certificateReloads.add(result),
    text: (now) =>
      [
        ...[decisions, objects, refusals, loops, policyReloads, certificateReloads].flatMap(({ lines }) => lines()),
        ...histogramLines('airgap_request_duration_seconds', 'Time to decide a request.', latency),
        ...gauge(
          'airgap_policy_generation',
          'Generation of each policy in force.',
          now.policies.map(({ name, mode, generation }) => [{ policy: name, mode }, generation]),
        ),
        ...gauge('airgap_policy_current', 'Whether the newest policy is the one in force.', [
          [{}, Number(now.policyCurrent)],
        ]),
        ...gauge('airgap_certificate_expiry_timestamp_seconds', 'When the serving certificate ends.', [
          [{}, now.certificateExpiry],
        ]),
        ...gauge('process_resident_memory_bytes', 'Resident memory.', [[{}, now.residentBytes]]),
        '',
      ].join('\n'),
  };
}

interface Counter {
  /** Counts one more with these values of its labels. */
  readonly add: (...values: string[]) => void;
  readonly lines: () => string[];
}

function counter(name: string, labelNames: readonly string[], help: string): Counter {
  const series = new Map<string, { readonly labels: Labels; value: number }>();
  const start = (key: string, labels: Labels): void => void series.set(key, { labels, value: 1 });
  return {
    add: (...values) => {
      // Made into labels only once: this runs for every image of every request.
      const key = values.join('\0');
      const known = series.get(key) ?? (series.size < mostSeries ? undefined : series.get('overflow'));
      if (known !== undefined) known.value += 1;
      else if (series.size >= mostSeries) start('overflow', { overflow: 'true' });
      else start(key, Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? ''])));
    },
    lines: () => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} counter`,
      ...[...series.values()].map(({ labels, value }) => `${name}${printLabels(labels)} ${value}`),
    ],
  };
}

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

function observe(histograms: Map<Webhook, Histogram>, webhook: Webhook, seconds: number): void {
  const histogram = histograms.get(webhook) ?? { counts: buckets.map(() => 0), sum: 0, count: 0 };
  histograms.set(webhook, histogram);
  histogram.sum += seconds;
  histogram.count += 1;
  const index = buckets.findIndex((bound) => seconds <= bound);
  if (index >= 0) histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
}

function histogramLines(name: string, help: string, histograms: ReadonlyMap<Webhook, Histogram>): string[] {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  for (const [webhook, { counts, sum, count }] of histograms) {
    let below = 0;
    buckets.forEach((bound, index) => {
      below += counts[index] ?? 0;
      lines.push(`${name}_bucket{webhook="${webhook}",le="${bound}"} ${below}`);
    });
    lines.push(`${name}_bucket{webhook="${webhook}",le="+Inf"} ${count}`);
    lines.push(`${name}_sum{webhook="${webhook}"} ${sum}`, `${name}_count{webhook="${webhook}"} ${count}`);
  }
  return lines;
}

function gauge(name: string, help: string, values: readonly (readonly [Labels, number])[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...values.map(([labels, value]) => `${name}${printLabels(labels)} ${value}`),
  ];
}

function printLabels(labels: Labels): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${escape(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escape(value: string): string {
  return value
    .slice(0, 253)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
