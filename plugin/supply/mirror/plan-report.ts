import type { FaultCode } from '../../../shared/registry/fault.ts';

export interface PlannedImage {
  readonly image: string;
  /** Where it goes: a reference in the mirror; null into a folder, and for what is left out. */
  readonly target: string | null;
  readonly digest: string;
  /**
   * `copy`: something of it is missing. `present`: all of it is there. `left-out`: it has no place to go, and `detail` says
   * why. `not-seen`: the target did not answer, so that all of it counts as missing.
   */
  readonly state: 'copy' | 'present' | 'left-out' | 'not-seen';
  /** All that it is made of. */
  readonly bytes: number;
  /** What of that is not in its place. */
  readonly missing: number;
  readonly fault: FaultCode | null;
  readonly detail: string;
}

export interface PlannedPlatform {
  /** `linux/amd64`; `other` for what is for no platform: indexes, builds' attestations, signatures. */
  readonly platform: string;
  readonly images: number;
  /** Each blob once, however many images share it. What two platforms share counts for both. */
  readonly bytes: number;
  /** What of that the target has nowhere. */
  readonly missing: number;
}

/** The document that `mirror plan -o json` prints. All sizes are bytes, all rates bytes per second. */
export interface MirrorPlan {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'MirrorPlan';
  /** The lock's file. */
  readonly lock: string;
  readonly from: string;
  readonly to: string;
  readonly summary: {
    readonly images: number;
    readonly copy: number;
    readonly present: number;
    readonly leftOut: number;
    readonly notSeen: number;
    /** Digests, each once. */
    readonly blobs: number;
    /** What all images are made of, each digest once. */
    readonly unique: number;
    /** What of that the target holds nowhere: what its disk will grow by. */
    readonly missing: number;
    /** What travels: as `missing`, but once for each repository of a registry that lacks it. */
    readonly move: number;
    readonly rate: number | null;
    readonly seconds: number | null;
  };
  /** Where the target is a folder: what must be free for it, and what is. */
  readonly disk: {
    readonly path: string;
    readonly needed: number;
    readonly free: number;
    readonly enough: boolean;
  } | null;
  readonly platforms: readonly PlannedPlatform[];
  readonly images: readonly PlannedImage[];
}
