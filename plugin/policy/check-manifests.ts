import { text } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Action } from '../../shared/policy/decide.ts';
import type { Effect } from '../../shared/policy/effect.ts';
import { judge, type JudgedImage, type Judgement } from '../../shared/policy/judge.ts';
import { spared } from '../../shared/policy/exempt.ts';
import { chosenFor, namespaceNamed, namespaceWith, type Namespace } from '../../shared/policy/namespace.ts';
import { printPath } from '../../shared/policy/problem.ts';
import type { CheckFinding, CheckReport, CheckSeverity } from './check-report.ts';
import type { ManifestObject } from './manifest-objects.ts';

interface CheckOptions {
  readonly files: number;
  /** For objects that name none. */
  readonly namespace: string;
  /** The namespaces whose labels are known, beside those that are among the manifests. */
  readonly namespaces: readonly Namespace[];
}

export interface Checked {
  readonly report: CheckReport;
  /** Namespaces of which labels would decide which policy applies, and are not known. */
  readonly uncertain: readonly string[];
  /** Namespaces that no policy selects though there is something to judge in them. */
  readonly unselected: readonly string[];
}

/** Judges manifests as the webhooks would when they are created. */
export function checkManifests(
  policies: readonly CompiledPolicy[],
  objects: readonly ManifestObject[],
  { files, namespace: fallback, namespaces }: CheckOptions,
): Checked {
  const chosen = chosenFor(policies, [...namespaces, ...namespacesAmong(objects)]);
  const actions: Record<Action, number> = { allow: 0, rewrite: 0, reject: 0, invalid: 0 };
  const findings: CheckFinding[] = [];
  const uncertain = new Set<string>();
  const unselected = new Set<string>();
  let images = 0;
  for (const manifest of objects) {
    const name = readMeta(manifest.object).namespace || fallback;
    const { policy, certain } = chosen(name);
    const judgement = judgeManifest(policy, manifest, name);
    if (judgement.passed === 'no-policy') unselected.add(name);
    if (!certain && judgement.images.length > 0) uncertain.add(name);
    images += judgement.images.length;
    for (const { position, decision, effect } of judgement.images) {
      const { exempt } = judgement;
      const told = { position, effect, decision: exempt === null ? decision : spared(decision, exempt) };
      actions[told.decision.action] += 1;
      if (decision.action !== 'allow') findings.push(findingOf(manifest, name, told));
    }
  }
  const count = (severity: CheckSeverity): number => findings.filter((finding) => finding.severity === severity).length;
  const severities = { error: count('error'), warning: count('warning'), info: count('info') };
  const report: CheckReport = {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'CheckReport',
    summary: { files, objects: objects.length, images, ...actions, ...severities },
    findings,
  };
  return { report, uncertain: [...uncertain], unselected: [...unselected] };
}

function namespacesAmong(objects: readonly ManifestObject[]): Namespace[] {
  return objects.flatMap(({ object }) => {
    if (object['kind'] !== 'Namespace' || object['apiVersion'] !== 'v1') return [];
    const { name, labels } = readMeta(object);
    return [namespaceWith(name, labels)];
  });
}

function judgeManifest(policy: CompiledPolicy | null, { object }: ManifestObject, namespace: string): Judgement {
  const [group, kind] = typeOf(object);
  const change = { group, kind, subResource: '', operation: 'CREATE', object, oldObject: null };
  return judge(policy, { ...change, namespace: namespaceNamed(namespace) }, 'offline');
}

function typeOf(object: ManifestObject['object']): [group: string, kind: string] {
  const apiVersion = text(object['apiVersion']) ?? '';
  const slash = apiVersion.indexOf('/');
  return [slash < 0 ? '' : apiVersion.slice(0, slash), text(object['kind']) ?? ''];
}

const severities: Readonly<Record<Effect, CheckSeverity>> = {
  reject: 'error',
  warn: 'warning',
  rewrite: 'info',
  count: 'info',
  pass: 'info',
};

function findingOf(
  { file, object, line }: ManifestObject,
  namespace: string,
  { position, decision, effect }: JudgedImage,
): CheckFinding {
  const { action, image, result, rule, reason } = decision;
  return {
    // A rewrite is what the policy is for: only what no rule covers can need a person.
    severity: action === 'rewrite' ? 'info' : severities[effect],
    file,
    line: line(position.path),
    kind: text(object['kind']) ?? '',
    namespace,
    name: readMeta(object).name,
    field: printPath(position.path),
    image,
    action,
    result,
    rule,
    reason,
  };
}
