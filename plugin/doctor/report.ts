import type { CauseId } from './causes/ids.ts';
import type { Category } from './check.ts';
import type { Confidence, ObjectRef, Scope, Severity } from './finding.ts';

/** unknown: could not look; it is never counted as ok. skipped: there was nothing to look at, and the reason says why. */
export type Result = 'ok' | 'warning' | 'error' | 'skipped' | 'unknown';

export interface ReportFinding {
  readonly cause: CauseId;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly scope: Scope | null;
  readonly image: string | null;
  readonly host: string | null;
  readonly summary: string;
  readonly evidence: readonly string[];
  /** Who can cure it: `registry administrator`. */
  readonly owner: string;
  readonly remedy: readonly string[];
  readonly objects: readonly ObjectRef[];
}

export interface ReportCheck {
  readonly id: string;
  readonly title: string;
  readonly result: Result;
  /** Why it is skipped or unknown, or what kept the check from seeing everything; null where nothing did. */
  readonly reason: string | null;
  readonly findings: readonly ReportFinding[];
}

/** The document that `doctor -o json` prints; its JSON Schema is `plugin/doctor/report.schema.json`. */
export interface DoctorReport {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'DoctorReport';
  /** The context and server, or the dump, that was examined. */
  readonly source: string;
  /** RFC 3339: the time that dates were judged by. */
  readonly time: string;
  readonly summary: Readonly<Record<Result, number>>;
  readonly categories: readonly { readonly name: Category; readonly checks: readonly ReportCheck[] }[];
}
