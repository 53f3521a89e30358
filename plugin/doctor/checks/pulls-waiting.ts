import type { Check } from '../check.ts';
import { diagnose } from '../pulls/diagnose.ts';
import { eventsOf, historyOf } from '../pulls/history.ts';
import { nodesOf } from '../pulls/node.ts';
import { waitingIn } from '../pulls/waiting.ts';

export const waitingPods: Check = {
  id: 'AG-IMG-001',
  category: 'pulls',
  title: 'every container has its image',
  explanation:
    'Containers, init containers, ephemeral containers and image volumes whose image cannot be pulled, found or used on their node. The reason is read from what the kubelet and the container runtime said: the wrappers of kubelet, containerd, CRI-O or Docker come off one by one, and the innermost error, the step and the host that failed decide the cause. Where the pod no longer says why, its events do. The version of the runtime counts, because it decides whose error is shown when a mirror is configured. Pods that are finished or being deleted are left out.',
  needs: ['pods'],
  wants: ['events', 'nodes'],
  run(snapshot) {
    const waiting = snapshot.pods.items.flatMap((pod) => waitingIn(pod).map((container) => ({ pod, container })));
    if (waiting.length === 0) return [];
    const history = historyOf(snapshot.events.items);
    const nodes = nodesOf(snapshot);
    const blindToSecrets = snapshot.secrets.gap !== null;
    return waiting
      .flatMap(({ pod, container }) => {
        const node = nodes.get(pod.nodeName) ?? {};
        return diagnose(pod, container, eventsOf(history, pod), { node, blindToSecrets });
      })
      .filter(({ cause }) => cause !== 'not-image');
  },
};
