import { isOutOfReach, type FaultCode } from '../../../shared/registry/fault.ts';

export interface MirroredImage {
  readonly image: string;
  /** Where it went: a reference in the mirror; null into a folder, and for what is left out. */
  readonly target: string | null;
  readonly digest: string;
  /**
   * `copied`: an engine ran, and then everything was read back. `present`: all of it was there and was read back. `failed`:
   * something is missing, whatever an engine said. `left-out`: it has no place to go.
   */
  readonly state: 'copied' | 'present' | 'failed' | 'left-out';
  /** How often an engine was started for it. */
  readonly attempts: number;
  readonly seconds: number;
  /** Bytes that were missing at first. */
  readonly bytes: number;
  /** Digests that are still missing in the target. */
  readonly missing: readonly string[];
  readonly fault: FaultCode | null;
  /** What went wrong, or what is to be known; empty where there is nothing to say. */
  readonly detail: string;
}

/** The document that `mirror run -o json` prints. */
export interface MirrorReport {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'MirrorReport';
  /** The lock's file. */
  readonly lock: string;
  readonly engine: 'regctl' | 'skopeo';
  readonly from: string;
  readonly to: string;
  readonly summary: {
    readonly images: number;
    readonly copied: number;
    readonly present: number;
    readonly failed: number;
    readonly leftOut: number;
    /** Bytes that were missing of what is copied now. */
    readonly bytes: number;
    readonly seconds: number;
  };
  /** Sorted by `image`. */
  readonly images: readonly MirroredImage[];
}

export function makeReport(
  about: Pick<MirrorReport, 'lock' | 'engine' | 'from' | 'to'> & { readonly seconds: number },
  images: readonly MirroredImage[],
): MirrorReport {
  const { seconds, ...named } = about;
  const count = (state: MirroredImage['state']): number => images.filter((image) => image.state === state).length;
  const copied = images.filter(({ state }) => state === 'copied');
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'MirrorReport',
    ...named,
    summary: {
      images: images.length,
      copied: copied.length,
      present: count('present'),
      failed: count('failed'),
      leftOut: count('left-out'),
      bytes: copied.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds,
    },
    images: images.toSorted((a, b) => (a.image < b.image ? -1 : 1)),
  };
}

/** 0 where everything is there, 3 where nothing is because a registry is out of reach, 1 where something is missing. */
export function exitCodeOf({ images, summary }: MirrorReport): 0 | 1 | 3 {
  if (summary.failed === 0) return 0;
  const failed = images.filter(({ state }) => state === 'failed');
  const nothing = summary.copied + summary.present === 0;
  return nothing && failed.every(({ fault }) => fault !== null && isOutOfReach(fault)) ? 3 : 1;
}
