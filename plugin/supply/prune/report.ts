/** What became of a manifest: `planned` without `--yes`; `gone` where somebody else was first. */
export type RemovalResult = 'planned' | 'removed' | 'gone' | 'failed' | 'not-tried';

export interface ReportedRemoval {
  readonly digest: string;
  /** Tags that go with it; empty for what only an index or a subject leads to. */
  readonly tags: readonly string[];
  readonly result: RemovalResult;
  /** Why it failed; empty otherwise. */
  readonly detail: string;
}

export interface ReportedRepository {
  /** `host/path`. */
  readonly repository: string;
  /** Why nothing in it is touched; null where it was seen whole. */
  readonly untouched: string | null;
  readonly keptTags: readonly string[];
  readonly removals: readonly ReportedRemoval[];
}

export interface ReportedRegistry {
  readonly host: string;
  /** Null where it does not say. */
  readonly product: string | null;
  /** Bytes that nothing kept needs any more, of the repositories that were looked at. */
  readonly bytes: number;
  /** What makes it give the space back. */
  readonly collect: readonly string[];
}

/** The document that `mirror prune -o json` prints. */
export interface PruneReport {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'PruneReport';
  /** Whether anything was to be removed, or only shown. */
  readonly removing: boolean;
  readonly locks: readonly string[];
  /** The cluster or recording that was asked what it needs; null where the locks are all that counts. */
  readonly source: string | null;
  readonly summary: {
    readonly repositories: number;
    readonly keptTags: number;
    /** Tags and manifests that go: planned, or removed already. */
    readonly tags: number;
    readonly manifests: number;
    /** Bytes that can become free, at most. */
    readonly bytes: number;
    readonly failed: number;
    /** Repositories that were left alone since they could not be seen whole. */
    readonly untouched: number;
  };
  readonly repositories: readonly ReportedRepository[];
  /** Prefixes below which the registry lists no repositories. */
  readonly unlisted: readonly { readonly prefix: string; readonly reason: string }[];
  readonly registries: readonly ReportedRegistry[];
}
