import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { backendFinder } from '../admission/backends.ts';
import { celKinds, webhookKinds, type Enforcer } from '../admission/enforcers.ts';
import { againOf, decisionFacts } from '../admission/image-facts.ts';
import { objectOf, podPlaces, type PodPlace } from '../admission/places.ts';
import { podsBehindFinder } from '../admission/pods-behind.ts';
import { slipped } from '../admission/slipped.ts';
import { untouchedText, type WhyUntouched } from '../admission/why-untouched.ts';
import type { Check } from '../check.ts';
import type { Confidence, Finding } from '../finding.ts';

export const noPodSlipped: Check = {
  id: 'AG-ADM-006',
  category: 'admission',
  title: 'no pod slipped past the webhook',
  explanation:
    'The mutating webhook fails open: while it does not answer, pods go through as they are written. This looks for pods that are younger than the policy and the webhook, that the webhook covers, in the mode Rewrite or Enforce, whose images would be rewritten and which lack the annotation airgap.dev/original-images that the webhook leaves. Since when is told, and how sure that is: a pod that is older than every replica’s readiness is likely to have met none; a policy that was changed since may explain it as well. A policy that is given with --policy has been in force for no pod, so of that nothing can be said.',
  needs: ['airgappolicies', 'pods', 'namespaces', ...webhookKinds],
  wants: ['services', 'endpointslices', ...celKinds],
  run: (snapshot) => {
    const groups = Map.groupBy(podPlaces(snapshot).filter(slipped), ({ policy, image }) =>
      JSON.stringify([policy.name, image.decision.image]),
    );
    return [...groups.values()].map((group) => missed(group, snapshot));
  },
  unseen: (snapshot) =>
    soundPolicies(snapshot.airgappolicies.items).some(({ generation }) => generation === 0)
      ? { decisive: true, reason: 'a policy that is not applied has been in force for no pod' }
      : null,
};

function missed(places: readonly PodPlace[], snapshot: Snapshot): Finding {
  const [first] = places as readonly [PodPlace, ...PodPlace[]];
  const { policy } = first;
  const enforcer = (first.why as Extract<WhyUntouched, { enforcer: Enforcer }>).enforcer;
  const times = places.flatMap(({ pod }) => pod.meta.creationTimestamp ?? []).toSorted();
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
      ...decisionFacts(first),
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
    objects: places.map(objectOf),
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
