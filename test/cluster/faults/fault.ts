import type { CauseId } from '../../../plugin/doctor/causes/ids.ts';
import type { NodeCluster } from '../cluster-with-node.ts';
import type { FaultyRegistry } from '../registry/faulty.ts';
import type { Image } from '../registry/image.ts';
import type { Paste } from './paste.ts';

/** What the faults are made with. */
export interface Stage {
  readonly cluster: NodeCluster;
  readonly faulty: FaultyRegistry;
  /** A good image, that the faulty registry has as `shop/app:1` under every host. */
  readonly image: Image;
  /** Gives a host of `*.example.com` the faulty registry's address and, on the node, its authority. */
  readonly introduce: (host: string) => void;
}

/** The parts of a pod that a fault is about. */
export interface PodParts {
  readonly image: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly container?: Readonly<Record<string, unknown>>;
}

/**
 * One way in which a pod does not get its image, made for real. `arrange` runs before the pod is created; `cure` does
 * what the remedy says, after which the pod, deleted and created anew, runs.
 */
export interface Fault extends PodParts {
  /** The name of its pod. */
  readonly id: string;
  /** What doctor must say: the first is what was done; the others are the ones that print the same text. */
  readonly causes: readonly [CauseId, ...CauseId[]];
  readonly arrange?: (stage: Stage) => Promise<void> | void;
  readonly cure?: (stage: Stage) => Promise<void> | void;
  /** The cure is what doctor prints, run as it stands. */
  readonly paste?: Paste;
  /** Where the cure is in the pod itself. */
  readonly cured?: Partial<PodParts>;
  /** Disturbs other pods, so it has the node for itself, and is cured at once. */
  readonly alone?: true;
}

/** A fault of a host of the faulty registry that serves `shop/app:1` once it is healed. */
export function faultOfHost(
  id: string,
  cause: CauseId,
  arrange: (stage: Stage, host: string) => Promise<void> | void,
  cure: ((stage: Stage, host: string) => Promise<void> | void) | null = (stage, host) => stage.faulty.heal(host),
): Fault {
  const host = `${id}.example.com`;
  return {
    id,
    causes: [cause],
    image: `${host}/shop/app:1`,
    arrange: (stage) => {
      stage.introduce(host);
      return arrange(stage, host);
    },
    ...(cure === null ? {} : { cure: (stage) => cure(stage, host) }),
  };
}
