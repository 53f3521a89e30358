import type { Pod } from '../../../shared/kube/pod.ts';
import { selects } from '../../../shared/kube/selector.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import type { Namespace } from '../../../shared/policy/namespace.ts';
import { actingFor, selectsNamespace, type Enforcer } from './enforcers.ts';

/** Why a pod is not as its policy wants it, although the policy rewrites or rejects where the pod is. */
export type WhyUntouched =
  | { readonly why: 'not-installed'; readonly does: Enforcer['does'] }
  | { readonly why: 'older-than-policy' | 'older-than-webhook'; readonly since: string }
  | { readonly why: 'policy-changed' }
  | {
      readonly why: 'left-out';
      readonly by: 'rules' | 'namespaceSelector' | 'objectSelector';
      readonly enforcer: Enforcer;
    }
  | { readonly why: 'left-out-by-condition'; readonly conditions: readonly string[]; readonly enforcer: Enforcer }
  /** Nothing in the configuration explains it: the webhook did not answer then, or the policy was another one. */
  | { readonly why: 'missed'; readonly enforcer: Enforcer };

/** The first reason that holds, in the order in which the API server would have come upon it. */
export function whyUntouched(
  pod: Pod,
  namespace: Namespace,
  policy: CompiledPolicy,
  does: Enforcer['does'],
  enforcers: readonly Enforcer[],
): WhyUntouched {
  const able = actingFor(policy, enforcers).filter((one) => one.does === does);
  const [first] = able;
  if (first === undefined) return { why: 'not-installed', does };
  const time = pod.meta.creationTimestamp ?? '';
  if (isOlder(time, policy.createdAt)) return { why: 'older-than-policy', since: policy.createdAt };
  const installed = able.map(({ created }) => created).toSorted()[0] ?? '';
  if (isOlder(time, installed)) return { why: 'older-than-webhook', since: installed };
  if (pod.rewritten) return { why: 'policy-changed' };

  const covering = able.filter(({ coversPods }) => coversPods);
  const inNamespace = covering.filter((one) => selectsNamespace(one, namespace));
  const selecting = inNamespace.filter(({ objectSelector }) => selects(objectSelector, pod.meta.labels));
  const [enforcer] = selecting;
  if (enforcer === undefined) {
    const by = covering.length === 0 ? 'rules' : inNamespace.length === 0 ? 'namespaceSelector' : 'objectSelector';
    return { why: 'left-out', by, enforcer: inNamespace[0] ?? covering[0] ?? first };
  }
  const unconditional = selecting.find(({ conditions }) => conditions.length === 0);
  if (unconditional !== undefined) return { why: 'missed', enforcer: unconditional };
  const conditions = enforcer.conditions.map(({ name, expression }) => `${name}: ${expression}`);
  return { why: 'left-out-by-condition', conditions, enforcer };
}

function isOlder(created: string, than: string): boolean {
  return created !== '' && than !== '' && Date.parse(created) < Date.parse(than);
}

/** One clause about the pod: "it …", without its name or time, so that it is the same for many pods. */
export function untouchedText(why: WhyUntouched): string {
  switch (why.why) {
    case 'not-installed':
      return `nothing of kubectl airgap that could ${why.does} it is installed`;
    case 'older-than-policy':
      return 'it is older than the policy';
    case 'older-than-webhook':
      return 'it is older than the installation of what enforces the policy';
    case 'policy-changed':
      return 'it was rewritten when it was created, and the policy or its images have changed since';
    case 'left-out': {
      const { title, object } = why.enforcer;
      const what = why.by === 'rules' ? 'rules do not cover pods' : `${why.by} leaves it out`;
      return `${title} was not asked: its ${what} (${object.kind} ${object.name})`;
    }
    case 'left-out-by-condition':
      return `${why.enforcer.title} may not have been asked: its matchConditions are not evaluated here (${why.conditions.join('; ')})`;
    case 'missed':
      return missedText(why.enforcer);
  }
}

function missedText({ title, failurePolicy, called }: Enforcer): string {
  if (called === null)
    return `${title} covers it, so the policy was another one when the pod was created, or something changed it afterwards`;
  return failurePolicy === 'Ignore'
    ? `${title} covers it and has failurePolicy Ignore: it did not answer when the pod was created, or the policy was another one then`
    : `${title} covers it and fails closed, so the policy was another one when the pod was created, or something changed it afterwards`;
}
