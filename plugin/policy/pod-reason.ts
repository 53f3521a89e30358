import type { Pod } from '../../shared/kube/pod.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Decision } from '../../shared/policy/decide.ts';
import type { Namespace } from '../../shared/policy/namespace.ts';
import type { Snapshot } from '../cluster/snapshot.ts';
import { askedAbout, type Asked } from '../doctor/admission/asked.ts';
import {
  actingFor,
  enforcersOf,
  leftOutByDesign,
  unseenEnforcers,
  type Enforcer,
} from '../doctor/admission/enforcers.ts';
import { untouchedText, whyNothingActs, whyUntouched, type WhyUntouched } from '../doctor/admission/why-untouched.ts';
import { shell } from '../doctor/shell.ts';
import { doctor, nextSteps } from './pod-next.ts';

export type Why =
  | WhyUntouched['why']
  | 'no-policy'
  | 'mirror-pod'
  | 'exempt'
  | 'rewritten'
  | 'allowed'
  /** The configurations of webhooks may not be read, so it is not known which of several reasons it is. */
  | 'unknown';

export interface Reason {
  readonly why: Why;
  /** One sentence about the pod as a whole, which names the object that decides; without its full stop. */
  readonly reason: string;
  /** What to do, in the form of a remedy: commands begin with `$ `. Empty where nothing is to be done. */
  readonly next: readonly string[];
}

/** How the question was asked. */
export interface Asking {
  /** The file of `--policy`. */
  readonly policyFile?: string | undefined;
  /** The recording of `--from`. */
  readonly from?: string | undefined;
}

/** The same of a recording, which no live cluster need stand behind. */
export function ofRecording(reason: Reason, { from }: Asking): Reason {
  if (from === undefined) return reason;
  const asks = /^\$ kubectl airgap doctor (?!.*--print-rbac)/;
  return { ...reason, next: reason.next.map((line) => (asks.test(line) ? `${line} --from ${shell(from)}` : line)) };
}

export function noPolicy(namespace: Namespace, snapshot: Snapshot, { policyFile }: Asking): Reason {
  const refused = snapshot.airgappolicies.items.flatMap(({ meta, loaded }) => (loaded.ok ? [] : [meta.name]));
  const also = refused.length === 0 ? '' : `; not in force, because they do not load, are: ${refused.join(', ')}`;
  return {
    why: 'no-policy',
    reason: `no policy selects the namespace ${namespace.name}, so its images are left as they are${also}`,
    next: [
      ...(refused.length === 0 ? [] : ['Mend what does not load:', doctor('AG-ADM-002')]),
      ...(policyFile === undefined
        ? [
            'If a policy is to cover it, hold what they select against the labels of the namespace:',
            '$ kubectl get airgappolicies -o custom-columns=NAME:.metadata.name,SELECTOR:.spec.namespaceSelector',
          ]
        : [`If a policy is to cover it, hold what ${policyFile} selects against the labels of the namespace:`]),
      `$ kubectl get namespace ${shell(namespace.name)} --show-labels`,
    ],
  };
}

/** Why the images of a pod are as they are, under the policy of its namespace. */
export function reasonFor(
  pod: Pod,
  namespace: Namespace,
  policy: CompiledPolicy,
  images: readonly (Pick<Decision, 'action'> & { readonly original: string | null })[],
  snapshot: Snapshot,
  asking: Asking,
): Reason {
  if (pod.mirror) return mirrorPod(pod);
  const exempt = policy.exemptions.get(namespace.name);
  if (exempt !== undefined) return exempted(policy, namespace, exempt, asking);
  if (images.every(({ action }) => action === 'allow'))
    return images.some(({ original }) => original !== null)
      ? { why: 'rewritten', reason: 'it was rewritten when it was created, and every image is allowed', next: [] }
      : { why: 'allowed', reason: 'every image is allowed as it was written', next: [] };

  const rewrites = images.some(({ action }) => action === 'rewrite');
  const rejects = images.some(({ action }) => action === 'reject' || action === 'invalid');
  // A pod with both is rewritten in the mode Rewrite, and turned away in the mode Enforce.
  const does = rejects && (policy.mode === 'Enforce' || !rewrites) ? 'reject' : 'rewrite';
  const nothing = whyNothingActs(policy, does);
  if (nothing?.why === 'not-applied') return notApplied(pod, policy, does, asking);
  if (nothing !== null) return byMode(policy, untouchedText(nothing));

  const unseen = unseenEnforcers(snapshot);
  if (unseen !== null) return unknown(policy, does, unseen);
  const enforcers = enforcersOf(snapshot);
  const able = actingFor(policy, enforcers).filter((one) => one.does === does);
  if (able.length > 0 && leftOutByDesign(namespace, enforcers, does)) return byDesign(namespace);
  const why = whyUntouched(pod, namespace, policy, does, enforcers);
  const asked = askedAbout(pod.meta.labels, namespace, policy, does, enforcers);
  return { why: why.why, reason: sentence(why, asked, policy, does, able), next: nextSteps(why, asked, pod, does) };
}

function sentence(
  why: WhyUntouched,
  asked: Asked,
  policy: CompiledPolicy,
  does: Enforcer['does'],
  able: readonly Enforcer[],
): string {
  if (why.why === asked.why) return `${shouldBe(does, policy)}, but ${untouchedText(why)}`;
  const now = asked.why === 'asked' ? wouldBe(does) : 'it would stay as it is';
  return `${because(why, policy, able)}; created now, ${now}`;
}

function shouldBe(does: Enforcer['does'], { name }: CompiledPolicy): string {
  return `by the policy ${name} it is to be ${does === 'rewrite' ? 'rewritten' : 'turned away'}`;
}

function wouldBe(does: Enforcer['does']): string {
  return does === 'rewrite' ? 'it would be rewritten' : 'it would be turned away';
}

/** The reason with the object and the time that decide. */
function because(why: WhyUntouched, policy: CompiledPolicy, able: readonly Enforcer[]): string {
  const only = 'which decides only when a pod is created';
  if (why.why === 'older-than-policy') return `it is older than the policy ${policy.name} (${why.since}), ${only}`;
  if (why.why !== 'older-than-webhook') return untouchedText(why);
  const { kind, name } = able.find(({ created }) => created === why.since)?.object ?? { kind: 'webhook', name: '' };
  return `it is older than the ${kind} ${name} (${why.since}), ${only}`;
}

function mirrorPod({ nodeName }: Pod): Reason {
  const node = nodeName === '' ? 'its node' : `the node ${nodeName}`;
  return {
    why: 'mirror-pod',
    reason: `it stands for a static pod, which the kubelet reads from a file on ${node} and runs without asking anybody`,
    next: [`Change the image in that file, usually in /etc/kubernetes/manifests on ${node}; the kubelet follows it.`],
  };
}

function exempted(policy: CompiledPolicy, namespace: Namespace, reason: string, { policyFile }: Asking): Reason {
  return {
    why: 'exempt',
    reason: `the policy ${policy.name} exempts the namespace ${namespace.name} (${reason}), so its images are left as they are`,
    next:
      policyFile === undefined
        ? [
            'If that reason no longer holds, take the namespace out of spec.exemptions:',
            `$ kubectl edit airgappolicy ${shell(policy.name)}`,
          ]
        : [`If that reason no longer holds, take the namespace out of spec.exemptions in ${policyFile}.`],
  };
}

function byMode({ name }: CompiledPolicy, text: string): Reason {
  return {
    why: 'mode',
    reason: `the policy ${name} is only looking on: ${text}`,
    next: [
      'What a stricter mode would do to everything that runs, and then the mode itself:',
      doctor('AG-ADM-005'),
      `$ kubectl edit airgappolicy ${shell(name)}`,
    ],
  };
}

function notApplied(
  { meta }: Pod,
  policy: CompiledPolicy,
  does: Enforcer['does'],
  { policyFile, from }: Asking,
): Reason {
  const acts = policy.mode === 'Enforce' || (policy.mode === 'Rewrite' && does === 'rewrite');
  const by = acts ? `by it, ${wouldBe(does)}` : `its mode ${policy.mode} would let it in as it is`;
  const recorded = from === undefined ? '' : ` --from ${shell(from)}`;
  return {
    why: 'not-applied',
    reason: `the policy ${policy.name} is not applied, only read${policyFile === undefined ? '' : ` from ${policyFile}`}: ${by}`,
    next: [
      'Why it is as it is now, by the policies of the cluster:',
      `$ kubectl airgap explain pod ${shell(meta.name)} -n ${shell(meta.namespace)}${recorded}`,
    ],
  };
}

function byDesign(namespace: Namespace): Reason {
  return {
    why: 'left-out',
    reason: `the installation leaves out the namespace ${namespace.name}, so that the cluster can always start`,
    next: ['Nothing is wrong with that: its images have to be written as the mirror has them.'],
  };
}

function unknown(policy: CompiledPolicy, does: Enforcer['does'], unseen: string): Reason {
  return {
    why: 'unknown',
    reason: `${shouldBe(does, policy)}; why it is not cannot be told: ${unseen}`,
    next: ['Ask for the right to read what enforces policies:', '$ kubectl airgap doctor admission --print-rbac'],
  };
}
