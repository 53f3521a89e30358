import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Circumstances } from './verdict.ts';

/** What each node runs, by its name; a pod on a node that could not be read is judged without. */
export function nodesOf({ nodes }: Snapshot): ReadonlyMap<string, Circumstances> {
  return new Map(
    nodes.items.map(({ meta, runtimeVersion, kubeletVersion }) => [
      meta.name,
      { runtime: runtimeVersion, kubelet: kubeletVersion },
    ]),
  );
}
