import type { Kinds, Snapshot } from '../cluster/snapshot.ts';
import type { Finding } from './finding.ts';

export const categories = ['pulls', 'certs', 'rbac', 'egress', 'admission', 'mirror', 'tools'] as const;
export type Category = (typeof categories)[number];

/** What a check may know beside the cluster's objects. */
export interface Environment {
  /** The time to judge dates by: the clock live, the dump's own time with `--from`, or `--now`. */
  readonly now: Date;
  /** The only namespace that was read of namespaced kinds (`-n`); absent where all were. */
  readonly namespace?: string;
  /** The file of `--policy`, whose policies stand in place of the cluster's; absent where those were read. */
  readonly policyFile?: string;
}

/**
 * A check is a record with a pure function. `needs` decides what is fetched, what a dump holds, which permissions
 * `doctor --print-rbac` asks for and when the check is skipped; `wants` is read where it can be, and its absence only
 * makes findings less sure.
 */
export interface Check {
  /** `AG-IMG-001`: public, append-only, never reused. */
  readonly id: string;
  readonly category: Category;
  /** Categories that ask for it as well; it is reported under its own. */
  readonly alsoOf?: readonly Category[];
  /** A sentence that is true when the check passes: "every container has its image". */
  readonly title: string;
  /** What it looks at and why it matters, for `explain`; two to five sentences. */
  readonly explanation: string;
  readonly needs: readonly (keyof Kinds)[];
  readonly wants?: readonly (keyof Kinds)[];
  readonly run: (snapshot: Snapshot, environment: Environment) => readonly Finding[];
  /** What the collected items say could not be seen (a node that did not answer); null where all was seen. */
  readonly unseen?: (snapshot: Snapshot, environment: Environment) => Unseen | null;
}

/** `decisive`: without it nothing can be said, so a check without findings is unknown instead of ok. */
export interface Unseen {
  readonly reason: string;
  readonly decisive: boolean;
}
