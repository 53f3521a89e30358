import { AirgapError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/kube/json.ts';
import { readMeta } from '../../../shared/kube/meta.ts';
import { readPod, type Pod } from '../../../shared/kube/pod.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { inTurns } from '../../in-turns.ts';
import { startInventory } from '../inventory.ts';
import { runningImages } from '../verify/running.ts';
import { workloads } from '../workloads.ts';

export interface NeededByCluster {
  /** How the report names it. */
  readonly source: string;
  /** Normalised references of pods that are not finished, and of what will make pods again. */
  readonly images: readonly string[];
  /** What the runtimes say that they run: of a manifest, an index or a config. */
  readonly digests: readonly string[];
}

/**
 * What a cluster needs: the images and digests of its pods, and the images of everything that will make pods, at rest or
 * not. What another object makes anew, such as the old ReplicaSets of a Deployment, does not count. Throws an AirgapError
 * where a part of it cannot be read: what was not seen must not pass for not needed.
 */
export async function neededByCluster(cluster: Cluster, signal: AbortSignal): Promise<NeededByCluster> {
  const inventory = startInventory();
  const pods: Pod[] = [];
  const visit = (kind: string) => (raw: Json) => {
    const object: Json = { ...raw, kind };
    if (kind === 'Pod') {
      const pod = readPod(object);
      if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return;
      pods.push(pod);
    } else if (readMeta(object).owners.length > 0) return;
    inventory.add({ object });
  };
  await inTurns(workloads, workloads.length, async (type) => {
    const gap = await cluster.list(type, visit(type.kind), { signal });
    // A recording may hold pods alone, and an API group may be off; without the pods nothing is known of the cluster.
    if (gap === null || (gap.why === 'absent' && type.kind !== 'Pod')) return;
    throw new AirgapError(
      gap.why === 'forbidden' ? 'forbidden' : 'unreachable',
      `The ${type.plural} of ${cluster.source} cannot be read, so it is not known what it needs: ${gap.reason}.`,
      'Nothing was removed. Ask for the right to list them, or say with --no-running that the locks are all that counts.',
    );
  });
  return {
    source: cluster.source,
    images: inventory.finish().images.map(({ image }) => image),
    digests: runningImages(pods).flatMap(({ digest }) => digest ?? []),
  };
}
