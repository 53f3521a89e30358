import type { DoctorReport } from './report.ts';

export type FailOn = 'error' | 'warning' | 'never';

/** 3 where nothing could be examined, else 1 where something is at or above the threshold, else 0. */
export function exitCodeOf({ summary }: DoctorReport, failOn: FailOn): 0 | 1 | 3 {
  if (summary.ok + summary.warning + summary.error === 0) return 3;
  if (failOn === 'never') return 0;
  return summary.error > 0 || (failOn === 'warning' && summary.warning > 0) ? 1 : 0;
}
