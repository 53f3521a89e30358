import type { Finding, ObjectRef } from './finding.ts';

/** A finding with its severity, be it its own or its cause's. */
export type Severe = Finding & Required<Pick<Finding, 'severity'>>;

const order = { error: 0, warning: 1 } as const;

/**
 * One finding for what is the same fault: same cause, scope, image, host and facts. A hundred replicas that miss one
 * image are one line with a hundred objects. Evidence lines are merged, each kept once.
 */
export function group(findings: readonly Severe[]): Severe[] {
  const groups = new Map<string, { finding: Severe; evidence: Set<string>; objects: Map<string, ObjectRef> }>();
  for (const finding of findings) {
    const { cause, severity, confidence, scope, image, host, facts } = finding;
    const key = JSON.stringify([
      cause,
      severity,
      confidence,
      scope,
      image,
      host,
      Object.entries(facts).toSorted(byName),
    ]);
    const known = groups.get(key) ?? { finding, evidence: new Set(), objects: new Map() };
    for (const line of finding.evidence) known.evidence.add(line);
    for (const object of finding.objects) known.objects.set(nameOf(object), object);
    groups.set(key, known);
  }
  return [...groups.values()]
    .map(({ finding, evidence, objects }) => ({
      ...finding,
      evidence: [...evidence].slice(0, evidenceLimit),
      objects: [...objects].toSorted(byName).map(([, object]) => object),
    }))
    .sort(bySeverityThenSize);
}

/** Enough to judge by; a hundred replicas repeat one message with small differences such as a port or a time. */
const evidenceLimit = 5;

function nameOf({ kind, namespace, name, container }: ObjectRef): string {
  return [namespace ?? '', kind, name, container ?? ''].join('\u0000');
}

function bySeverityThenSize(a: Severe, b: Severe): number {
  return (
    order[a.severity] - order[b.severity] ||
    b.objects.length - a.objects.length ||
    (a.cause < b.cause ? -1 : a.cause > b.cause ? 1 : 0) ||
    ((a.image ?? '') < (b.image ?? '') ? -1 : 1)
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
