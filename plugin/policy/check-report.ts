import type { MirrorRule } from '../../shared/policy/compile.ts';
import type { Action } from '../../shared/policy/decide.ts';

export type CheckSeverity = 'error' | 'warning' | 'info';

/** An image that is not allowed as it is written, or only because its namespace is exempt: `allow`. */
export interface CheckFinding {
  readonly severity: CheckSeverity;
  readonly file: string;
  /** From 1; null for what kustomize rendered. */
  readonly line: number | null;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `spec.template.spec.containers[0].image` */
  readonly field: string;
  readonly image: string;
  readonly action: Action;
  readonly result: string | null;
  readonly rule: MirrorRule | null;
  readonly reason: string;
}

/** What `check` found; the JSON output as it is. */
export interface CheckReport {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'CheckReport';
  readonly summary: {
    readonly files: number;
    readonly objects: number;
    readonly images: number;
    readonly allow: number;
    readonly rewrite: number;
    readonly reject: number;
    readonly invalid: number;
    readonly error: number;
    readonly warning: number;
    readonly info: number;
  };
  readonly findings: readonly CheckFinding[];
}
