import { imageUsers, type ImageUser } from '../../registry/probe/image-users.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';
import { unreached } from './mirror-images.ts';

/** `REPOSITORY@DIGEST` of a runtime; a bare identifier is of the config, which an index does not name. */
function runs({ pod, scope, container }: ImageUser): string | null {
  const status = pod.statuses.find((one) => one.scope === scope && one.name === container);
  return /@(sha(?:256|512):[0-9a-f]+)$/.exec(status?.imageID ?? '')?.[1] ?? null;
}

export const tagsStay: Check = {
  id: 'AG-IMG-008',
  category: 'mirror',
  title: 'what runs is what the registries serve under its tag',
  explanation:
    'The digest that the runtime reports for each container is compared with what the registry that was named serves under the same name today. Where they differ, the tag was moved after the pod had started: the pod runs on, and the next one gets something else. Only digests are compared, because a runtime may report the name of another repository with the same content. An image that is pinned by digest cannot differ.',
  needs: ['registry-probes', 'pods'],
  unseen: unreached,
  run(snapshot) {
    const users = Map.groupBy(imageUsers(snapshot.pods.items), ({ image }) => image);
    return snapshot['registry-probes'].items.flatMap(({ host, images }) =>
      images
        .filter(({ digests, image }) => digests.length > 0 && !image.includes('@'))
        .flatMap(({ image, original, digests }): Finding[] => {
          const named = original ?? image;
          const moved = Map.groupBy(users.get(named) ?? [], runs);
          return [...moved].flatMap(([running, places]): Finding[] => {
            if (running === null || digests.includes(running)) return [];
            return [
              {
                cause: 'mirror-drift',
                confidence: 'certain',
                image: named,
                host,
                facts: { registry: host, running, served: digests[0] ?? '', mirror: image, seen: 'here' },
                evidence: [`seen from here, not from a node: ${image} is ${digests[0]}`],
                objects: places.map(({ pod, container }) => ({
                  kind: 'Pod',
                  namespace: pod.meta.namespace,
                  name: pod.meta.name,
                  ...(container === undefined ? {} : { container }),
                })),
              },
            ];
          });
        }),
    );
  },
};
