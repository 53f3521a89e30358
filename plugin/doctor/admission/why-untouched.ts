import type { Pod } from '../../../shared/kube/pod.ts';
import type { CompiledPolicy, Mode } from '../../../shared/policy/compile.ts';
import type { Namespace } from '../../../shared/policy/namespace.ts';
import { askedAbout, askedText, type Asked } from './asked.ts';
import { actingFor, type Enforcer } from './enforcers.ts';

/** Why an image is not as its policy wants it. */
export type WhyUntouched =
  | WhyNothingActs
  | Exclude<Asked, { readonly why: 'asked' }>
  | { readonly why: 'older-than-policy' | 'older-than-webhook'; readonly since: string }
  | { readonly why: 'policy-changed' }
  /** Nothing in the configuration explains it: the webhook did not answer then, or the policy was another one. */
  | { readonly why: 'missed'; readonly enforcer: Enforcer };

/** What the policy itself says of it: it is only a file, or its mode does not do that. */
export type WhyNothingActs = { readonly why: 'not-applied' } | { readonly why: 'mode'; readonly mode: Mode };

export function whyNothingActs(policy: CompiledPolicy, does: Enforcer['does']): WhyNothingActs | null {
  const { mode } = policy;
  // Only an object in a cluster has a generation.
  if (policy.generation === 0) return { why: 'not-applied' };
  return mode === 'Enforce' || (mode === 'Rewrite' && does === 'rewrite') ? null : { why: 'mode', mode };
}

/** The first reason that holds, in the order in which a pod would have come upon it. */
export function whyUntouched(
  pod: Pod,
  namespace: Namespace,
  policy: CompiledPolicy,
  does: Enforcer['does'],
  enforcers: readonly Enforcer[],
): WhyUntouched {
  const nothing = whyNothingActs(policy, does);
  if (nothing !== null) return nothing;
  const asked = askedAbout(pod.meta.labels, namespace, policy, does, enforcers);
  if (asked.why === 'not-installed') return asked;
  const time = pod.meta.creationTimestamp ?? '';
  if (isOlder(time, policy.createdAt)) return { why: 'older-than-policy', since: policy.createdAt };
  const able = actingFor(policy, enforcers).filter((one) => one.does === does);
  const installed = able.map(({ created }) => created).toSorted()[0] ?? '';
  if (isOlder(time, installed)) return { why: 'older-than-webhook', since: installed };
  if (pod.rewritten) return { why: 'policy-changed' };
  return asked.why === 'asked' ? { why: 'missed', enforcer: asked.enforcer } : asked;
}

function isOlder(created: string, than: string): boolean {
  return created !== '' && than !== '' && Date.parse(created) < Date.parse(than);
}

/** One clause about the pod: "it …", without its name or time, so that it is the same for many pods. */
export function untouchedText(why: WhyUntouched): string {
  switch (why.why) {
    case 'not-applied':
      return 'nothing acts by the policy yet';
    case 'mode':
      return why.mode === 'Rewrite'
        ? 'the mode Rewrite warns about what no rule covers and lets it in'
        : `the mode ${why.mode} changes and rejects nothing`;
    case 'older-than-policy':
      return 'it is older than the policy';
    case 'older-than-webhook':
      return 'it is older than the installation of what enforces the policy';
    case 'policy-changed':
      return 'it was rewritten when it was created, and the policy or its images have changed since';
    case 'not-installed':
    case 'left-out':
    case 'left-out-by-condition':
      return askedText(why);
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
