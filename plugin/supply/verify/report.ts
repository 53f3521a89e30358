import type { FaultCode } from '../../../shared/registry/fault.ts';

/** `info` is no fault: an image may be locked and wait for its turn. */
export const differences = {
  missing: 'error',
  'moved-tag': 'error',
  'platform-missing': 'error',
  'artifact-missing': 'warning',
  'not-seen': 'error',
  'running-other': 'error',
  'running-not-locked': 'error',
  'locked-not-running': 'info',
  'file-missing': 'warning',
  'file-changed': 'error',
} as const satisfies Readonly<Record<string, 'error' | 'warning' | 'info'>>;

export type Difference = keyof typeof differences;

export interface VerifyFinding {
  /**
   * `missing`: not in the mirror, neither by tag nor by digest. `moved-tag`: the mirror's tag names another digest, or
   * is not there although the digest is. `platform-missing`, `artifact-missing`: the image is there without that part.
   * `not-seen`: the mirror did not answer. `running-other`: pods run another digest of a locked image.
   * `running-not-locked`: pods run what the lock does not name at all. `file-missing`, `file-changed`: what is no image is
   * not beside the lock, or has other bytes; `image` is its path then.
   */
  readonly difference: Difference;
  readonly severity: 'error' | 'warning' | 'info';
  readonly image: string;
  /** Where it was looked for; null for what only runs. */
  readonly mirror: string | null;
  readonly locked: string | null;
  /** The digest found in the mirror or on nodes instead; null where there is none. */
  readonly found: string | null;
  /** `linux/arm64`, or the type or tag of the artifact; null where the difference is about the whole image. */
  readonly part: string | null;
  readonly fault: FaultCode | null;
  /** One clause more, such as what the mirror answered; empty where there is nothing to add. */
  readonly detail: string;
  /** `NAMESPACE/POD CONTAINER` of pods that run it. */
  readonly places: readonly string[];
}

/** The document that `verify -o json` prints. */
export interface VerifyReport {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'VerifyReport';
  /** The lock's file. */
  readonly lock: string;
  /** The cluster or dump whose pods were compared; null where none was. */
  readonly source: string | null;
  readonly summary: {
    readonly locked: number;
    /** Locked images that the mirror holds whole under their tag. */
    readonly same: number;
    readonly running: number;
  } & Readonly<Record<Difference, number>>;
  readonly findings: readonly VerifyFinding[];
}
