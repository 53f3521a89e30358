import type { Json } from '../../shared/kube/json.ts';
import type { ResourceType } from './kinds.ts';
import type { Gap, KindName, Snapshot } from './snapshot.ts';

export interface ListOptions {
  /** Only this namespace; all where it is absent. */
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

/**
 * The two worlds: a live API server and a recorded one. Objects are plain JSON, never a client's typed classes, so that
 * fields newer than this release survive into a dump.
 */
export interface Cluster {
  /** How the report names it: the context and server, or the dump's path. */
  readonly source: string;
  /** The time to judge dates by. */
  readonly now: Date;
  /**
   * Hands every object of a resource to `visit` while the pages arrive. Never throws for what the server or the dump
   * refuses or lacks: the returned gap says so, and what came before it has been visited.
   */
  list(type: ResourceType, visit: (raw: Json) => void, options?: ListOptions): Promise<Gap | null>;
  /** One object; its gap where it cannot be read (`absent` when there is none). */
  get(type: ResourceType, namespace: string, name: string): Promise<{ object: Json } | { gap: Gap }>;
  /** What the observer of this kind saw: live it looks, a dump answers from what was recorded. */
  observe(kind: KindName, snapshot: Snapshot, visit: (raw: Json) => void): Promise<Gap | null>;
}
