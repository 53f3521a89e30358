import type { Event } from '../../../shared/kube/event.ts';
import type { Pod } from '../../../shared/kube/pod.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';
import { excerpt } from '../pulls/bound.ts';
import { classify } from '../pulls/classify.ts';
import { eventsOf, historyOf } from '../pulls/history.ts';
import { nodesOf } from '../pulls/node.ts';
import { redact } from '../pulls/redact.ts';
import type { Circumstances } from '../pulls/verdict.ts';
import { wantsImages } from '../pulls/waiting.ts';

export const sandboxImage: Check = {
  id: 'AG-IMG-002',
  category: 'pulls',
  title: 'every node has what the sandbox of a pod is made from',
  explanation:
    'Before the first container the runtime starts a sandbox from a small image of its own, usually called pause. Its reference stands in the configuration of the runtime on the node, not in any pod, so no admission policy rewrites it and no pull secret is used for it; in a gap its default on the internet stops every new pod of the node. Most sandbox failures have other grounds (network plugin, runtime); only those that name the image, or a runtime that is not set up, are reported here.',
  needs: ['pods', 'events'],
  wants: ['nodes'],
  run(snapshot) {
    const pods = snapshot.pods.items.filter((pod) => wantsImages(pod) && hasNoSandbox(pod));
    if (pods.length === 0) return [];
    const history = historyOf(snapshot.events.items);
    const nodes = nodesOf(snapshot);
    return pods.flatMap((pod) => {
      const event = eventsOf(history, pod).findLast(({ reason }) => /^FailedCreatePodSandbox$/i.test(reason));
      return event === undefined ? [] : diagnoseSandbox(pod, event, nodes.get(pod.nodeName) ?? {});
    });
  },
};

/** Once a container has been started, or tried to be, the sandbox was there. */
function hasNoSandbox({ phase, nodeName, statuses }: Pod): boolean {
  return (
    (phase === 'Pending' || phase === '') &&
    nodeName !== '' &&
    statuses.every(({ waiting }) => waiting?.reason === 'ContainerCreating' || waiting?.reason === 'PodInitializing')
  );
}

function diagnoseSandbox({ meta, nodeName }: Pod, event: Event, node: Circumstances): readonly Finding[] {
  return classify(event.message, node)
    .filter(({ cause, image }) => cause !== 'not-image' && (cause !== 'unclassified' || image !== undefined))
    .map(({ cause, confidence, host, image, facts, decide }) => ({
      cause,
      confidence,
      scope: 'sandbox',
      ...(image === undefined ? {} : { image }),
      ...(host === undefined ? {} : { host }),
      facts: { ...facts, scope: 'sandbox' },
      evidence: [
        redact(excerpt(`event ${event.reason}: ${event.message}`)),
        ...(decide === undefined ? [] : [`what would decide it: ${decide}`]),
      ],
      objects: [{ kind: 'Pod', namespace: meta.namespace, name: meta.name, node: nodeName }],
    }));
}
