import type { Fault } from '../../../shared/registry/fault.ts';
import type { Repository } from '../../registry/line.ts';

/** A manifest as far as what it holds on to goes. */
export interface StoredManifest {
  readonly digest: string;
  /** Bytes of the manifest itself. */
  readonly size: number;
  /** Digests of the manifests that an index lists; empty for all else. */
  readonly children: readonly string[];
  /** Config and layers, with their bytes. */
  readonly blobs: ReadonlyMap<string, number>;
  /** The digest of the config, by which some runtimes call an image; null for an index. */
  readonly config: string | null;
  /** What it is about, where it is a signature, an attestation or another referrer. */
  readonly subject: string | null;
  /** What the registry lists as referring to it. */
  readonly referrers: readonly string[];
}

/** Everything of a repository that can be found from its tags and from what is kept. */
export interface RepositoryContent {
  readonly repository: Repository;
  readonly tags: ReadonlyMap<string, string>;
  readonly manifests: ReadonlyMap<string, StoredManifest>;
}

/** A repository that was not seen whole: what hangs together in it is not known, so nothing in it is touched. */
export interface Unseen {
  readonly repository: Repository;
  readonly fault: Fault;
}

export function nameOf({ host, path }: Repository): string {
  return `${host}/${path}`;
}
