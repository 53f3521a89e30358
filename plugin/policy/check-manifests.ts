import { text } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Action } from '../../shared/policy/decide.ts';
import type { Effect } from '../../shared/policy/effect.ts';
import { judge, type JudgedImage, type Judgement } from '../../shared/policy/judge.ts';
import { namespaceNamed, policyFor } from '../../shared/policy/namespace.ts';
import { printPath } from '../../shared/policy/problem.ts';
import type { CheckFinding, CheckReport, CheckSeverity } from './check-report.ts';
import type { ManifestObject } from './manifest-objects.ts';

/** Judges manifests as the webhooks would when they are created. `namespace` is for objects that name none. */
export function checkManifests(
  policies: readonly CompiledPolicy[],
  objects: readonly ManifestObject[],
  { files, namespace }: { readonly files: number; readonly namespace: string },
): CheckReport {
  const actions: Record<Action, number> = { allow: 0, rewrite: 0, reject: 0, invalid: 0 };
  const findings: CheckFinding[] = [];
  let images = 0;
  for (const manifest of objects) {
    const judgement = judgeManifest(policies, manifest, namespace);
    images += judgement.images.length;
    for (const image of judgement.images) {
      actions[image.decision.action] += 1;
      const finding = findingOf(manifest, namespace, judgement, image);
      if (finding !== null) findings.push(finding);
    }
  }
  const count = (severity: CheckSeverity): number => findings.filter((finding) => finding.severity === severity).length;
  const severities = { error: count('error'), warning: count('warning'), info: count('info') };
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'CheckReport',
    summary: { files, objects: objects.length, images, ...actions, ...severities },
    findings,
  };
}

function judgeManifest(policies: readonly CompiledPolicy[], { object }: ManifestObject, fallback: string): Judgement {
  const namespace = namespaceNamed(readMeta(object).namespace || fallback);
  const policy = policyFor(policies, namespace);
  const [group, kind] = typeOf(object);
  const change = { group, kind, subResource: '', operation: 'CREATE', namespace, object, oldObject: null };
  return judge(policy, change, 'offline');
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
  fallback: string,
  { exempt }: Judgement,
  { position, decision, effect }: JudgedImage,
): CheckFinding | null {
  const { action, image, result, rule, reason } = decision;
  if (action === 'allow') return null;
  const meta = readMeta(object);
  return {
    // A rewrite is what the policy is for: only what no rule covers can need a person.
    severity: action === 'rewrite' ? 'info' : severities[effect],
    file,
    line: line(position.path),
    kind: text(object['kind']) ?? '',
    namespace: meta.namespace || fallback,
    name: meta.name,
    field: printPath(position.path),
    image,
    action,
    result,
    rule,
    reason: exempt === null ? reason : `the namespace is exempt (${exempt}); otherwise: ${reason}`,
  };
}
