import type { Json } from '../../shared/kube/json.ts';
import type { Connection } from './connection.ts';
import type { Gap, Snapshot } from './snapshot.ts';

/** What the user allows and asks to be looked at beside the API server; nothing else is ever connected to. */
export interface ObserveOptions {
  /** `--registry HOST`; the hosts that the policies of the snapshot name are looked at beside them. */
  readonly registries: readonly string[];
  /** PEM of `--registry-ca`. */
  readonly registryCa?: string;
  /** `--pki-dir`. */
  readonly pkiDir?: string;
  readonly signal: AbortSignal;
}

/**
 * Looks at one kind of thing that is not an API object and returns what it saw as plain JSON: it is written to dumps as
 * it is, so it must never hold a secret. A thing that cannot be reached is an item that says so, not a gap; a gap means
 * that nothing was looked at at all.
 */
export type Observer = (
  connection: Connection,
  snapshot: Snapshot,
  options: ObserveOptions,
  visit: (raw: Json) => void,
) => Promise<Gap | null>;
