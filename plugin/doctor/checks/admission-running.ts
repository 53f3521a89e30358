import { parseReference } from '../../../shared/image/reference.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import type { JudgedImage } from '../../../shared/policy/judge.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { backendFinder } from '../admission/backends.ts';
import {
  celKinds,
  enforcersOf,
  leftOutByDesign,
  unseenEnforcers,
  webhookKinds,
  type Enforcer,
} from '../admission/enforcers.ts';
import { madeAnew } from '../admission/made-anew.ts';
import { mirrorCommand } from '../admission/mirror-host.ts';
import { podsBehindFinder } from '../admission/pods-behind.ts';
import { podsByPolicy, type JudgedPod } from '../admission/pods-by-policy.ts';
import { untouchedText, whyUntouched, type WhyUntouched } from '../admission/why-untouched.ts';
import type { Check } from '../check.ts';
import type { Confidence, Facts, Finding, ObjectRef } from '../finding.ts';

/** An image of a pod that is not as the policy wants it, and why not. */
interface Place {
  readonly judged: JudgedPod;
  readonly image: JudgedImage;
  readonly why: WhyUntouched | null;
}

export const runningImagesAllowed: Check = {
  id: 'AG-ADM-005',
  category: 'admission',
  title: 'what runs would come through the policy as it is',
  explanation:
    'Every image of every running pod is judged by the policy of its namespace, with the very decision that the webhook takes when a pod is created. What would be rejected cannot be made anew once the mode is Enforce; what would be rewritten still comes from the outside. So this is also the preview of a policy in the mode Audit, or of one given with --policy. Pods that ended, mirror pods, exempt namespaces and those that the installation leaves out are passed over; each image is told once, with every pod and the reason why it is as it is.',
  needs: ['airgappolicies', 'pods', 'namespaces'],
  wants: [...webhookKinds, ...celKinds],
  run: (snapshot) => {
    const places = placesOf(snapshot).filter(({ why, image, judged }) => !slipped(why, image, judged.policy));
    const groups = Map.groupBy(places, ({ image: { decision }, judged: { policy }, why }) =>
      JSON.stringify([policy.name, decision.image, why === null ? '' : untouchedText(why)]),
    );
    return [...groups.values()].map(told);
  },
};

export const noPodSlipped: Check = {
  id: 'AG-ADM-006',
  category: 'admission',
  title: 'no pod slipped past the webhook',
  explanation:
    'The mutating webhook fails open: while it does not answer, pods go through as they are written. This looks for pods that are younger than the policy and the webhook, that the webhook covers, in the mode Rewrite or Enforce, whose images would be rewritten and which lack the annotation airgap.dev/original-images that the webhook leaves. Since when is told, and how sure that is: a pod that is older than every replica’s readiness is likely to have met none; a policy that was changed since may explain it as well.',
  needs: ['airgappolicies', 'pods', 'namespaces', ...webhookKinds],
  wants: ['services', 'endpointslices', ...celKinds],
  run: (snapshot) => {
    const places = placesOf(snapshot).filter(({ why, image, judged }) => slipped(why, image, judged.policy));
    const groups = Map.groupBy(places, ({ image: { decision }, judged: { policy } }) =>
      JSON.stringify([policy.name, decision.image]),
    );
    return [...groups.values()].map((group) => missed(group, snapshot));
  },
};

function slipped(why: WhyUntouched | null, image: JudgedImage, { mode }: CompiledPolicy): boolean {
  return (
    why?.why === 'missed' &&
    why.enforcer.called !== null &&
    image.decision.action === 'rewrite' &&
    (mode === 'Rewrite' || mode === 'Enforce')
  );
}

function placesOf(snapshot: Snapshot): Place[] {
  const enforcers = enforcersOf(snapshot);
  const known = unseenEnforcers(snapshot) === null;
  return podsByPolicy(snapshot).flatMap((judged) =>
    judged.images.flatMap((image): Place[] => {
      const does = image.decision.action === 'rewrite' ? 'rewrite' : 'reject';
      const { pod, namespace, policy } = judged;
      if (leftOutByDesign(namespace, enforcers, does)) return [];
      return [{ judged, image, why: known ? whyUntouched(pod, namespace, policy, does, enforcers) : null }];
    }),
  );
}

function told(places: readonly Place[]): Finding {
  const [{ judged, image, why }] = places as readonly [Place, ...Place[]];
  const { policy } = judged;
  const { decision } = image;
  const sure = why?.why === 'missed' ? 'likely' : 'certain';
  const rejected = decision.action !== 'rewrite';
  const mirrorIt = rejected && decision.rule === null ? mirrorCommand(policy, decision.image) : undefined;
  return {
    cause: rejected ? 'image-would-be-rejected' : 'image-would-be-rewritten',
    ...(rejected && policy.mode === 'Enforce' && isAsked(why) ? { severity: 'error' } : {}),
    confidence: sure,
    image: decision.image,
    facts: {
      ...factsOf(places),
      ...(cured(policy, why) ? { again: againOf(places) } : {}),
      because: because(policy, why),
      ...(mirrorIt === undefined ? {} : { mirrorIt }),
    },
    evidence: why === null ? [] : [untouchedText(why)],
    objects: objectsOf(places),
  };
}

function because({ mode }: CompiledPolicy, why: WhyUntouched | null): string {
  if (mode === 'Audit' || mode === 'Warn') return `the mode ${mode} changes nothing`;
  return why === null ? 'it cannot be seen here why' : untouchedText(why);
}

function missed(places: readonly Place[], snapshot: Snapshot): Finding {
  const [first] = places as readonly [Place, ...Place[]];
  const { policy } = first.judged;
  const enforcer = (first.why as Extract<WhyUntouched, { enforcer: Enforcer }>).enforcer;
  const times = places.flatMap(({ judged }) => judged.pod.meta.creationTimestamp ?? []).toSorted();
  const ready = readySince(snapshot, enforcer);
  const before = ready !== null && times.every((time) => time < ready);
  const changed = policy.generation > 1;
  const confidence: Confidence = before || !changed ? 'likely' : 'guess';
  return {
    cause: 'rewrite-missed',
    ...(confidence === 'guess' ? { severity: 'warning' } : {}),
    confidence,
    image: first.image.decision.image,
    facts: {
      ...factsOf(places),
      again: againOf(places),
      because: `the first at ${times[0] ?? 'a time that is not told'}`,
    },
    evidence: [
      untouchedText(first.why as WhyUntouched),
      ...(ready === null ? nothingBehind(snapshot, enforcer) : [`its oldest ready replica is ready since ${ready}`]),
      `created ${times[0] ?? ''}${times.length > 1 ? ` to ${times.at(-1) ?? ''}` : ''}`,
      changed
        ? `the policy has been changed ${policy.generation - 1} times since ${policy.createdAt}, which may explain it too`
        : `the policy is unchanged since ${policy.createdAt}`,
    ],
    objects: objectsOf(places),
  };
}

/** Since when the replica is ready that is so for the longest; null where none is seen. */
function readySince(snapshot: Snapshot, { called }: Enforcer): string | null {
  const pods = called === null ? [] : podsBehindFinder(snapshot)(called.webhook.client);
  const since = pods.flatMap(({ conditions }) =>
    conditions.filter(({ type, status }) => type === 'Ready' && status === 'True').map((one) => one.since),
  );
  return since.toSorted()[0] ?? null;
}

function nothingBehind(snapshot: Snapshot, { called }: Enforcer): string[] {
  const backend = called === null ? 'outside' : backendFinder(snapshot)(called.webhook.client);
  const nothing = backend === 'no-service' || backend === 'no-port' || backend === 'no-endpoints';
  return nothing ? ['nothing is ready behind it now'] : [];
}

const commandsShown = 5;

function factsOf(places: readonly Place[]): Facts {
  const [{ judged, image }] = places as readonly [Place, ...Place[]];
  const { name, mode } = judged.policy;
  const { result, reason } = image.decision;
  const target = parseReference(result ?? '');
  return {
    policy: name,
    mode,
    reason,
    result: result ?? '',
    ...(target.ok ? { registry: target.reference.host } : {}),
  };
}

function againOf(places: readonly Place[]): string {
  return [...new Set(places.map((place) => madeAnew(place.judged.pod)))].slice(0, commandsShown).join('\n');
}

/** Whether a pod that is made anew would be rewritten. */
function cured({ mode }: CompiledPolicy, why: WhyUntouched | null): boolean {
  return (mode === 'Rewrite' || mode === 'Enforce') && isAsked(why);
}

/** Whether the webhook will be asked when the pod is made anew. */
function isAsked(why: WhyUntouched | null): boolean {
  return why !== null && why.why !== 'not-installed' && !why.why.startsWith('left-out');
}

function objectsOf(places: readonly Place[]): ObjectRef[] {
  return places.map(({ judged: { pod }, image: { position } }) => {
    const [list = '', container] = position.owner.split('/');
    return {
      kind: 'Pod',
      namespace: pod.meta.namespace,
      name: pod.meta.name,
      ...(list === 'volumes' || container === undefined ? {} : { container }),
      ...(pod.nodeName === '' ? {} : { node: pod.nodeName }),
    };
  });
}
