import { policyFor } from '../../../shared/policy/namespace.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import { imageUsers } from '../../registry/probe/image-users.ts';
import { namespaceFinder } from '../admission/enforcers.ts';
import type { Check } from '../check.ts';
import { internetHost } from '../egress/internet-hosts.ts';
import type { Finding } from '../finding.ts';

export const imagesFromInside: Check = {
  id: 'AG-EGR-002',
  category: 'egress',
  title: 'no image of a pod is named after a public registry, where no policy looks at it',
  explanation:
    'Looks at the images of all pods that are not finished, in namespaces for which no AirgapPolicy is in force (where one is, AG-ADM-005 judges them), for registries that are on the internet and nowhere else. Such a pod starts only where the node has the image already, or where the runtime of each node has a mirror for that registry, which the API does not show: so this is likely a fault and not certain. It is told once for each registry, with every pod.',
  needs: ['pods'],
  wants: ['airgappolicies', 'namespaces'],
  run: (snapshot) => {
    const policies = soundPolicies(snapshot.airgappolicies.items);
    const find = namespaceFinder(snapshot);
    const judged = new Set(
      [...new Set(snapshot.pods.items.map(({ meta }) => meta.namespace))].filter(
        (name) => policyFor(policies, find(name)) !== null,
      ),
    );
    const outside = imageUsers(snapshot.pods.items).filter(
      ({ pod, reference }) => !judged.has(pod.meta.namespace) && internetHost(reference.host) !== undefined,
    );
    return [...Map.groupBy(outside, ({ reference }) => reference.host)].map(([host, users]): Finding => {
      const images = [...new Set(users.map(({ image }) => image))].toSorted();
      return {
        cause: 'image-from-internet',
        confidence: 'likely',
        host,
        facts: { images: String(images.length), image: images[0] ?? '' },
        evidence: images.slice(0, 5),
        objects: users.map(({ pod, container }) => ({
          kind: 'Pod',
          namespace: pod.meta.namespace,
          name: pod.meta.name,
          ...(container === undefined ? {} : { container }),
        })),
      };
    });
  },
};
