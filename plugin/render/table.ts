import type { Format } from './index.ts';
import { reportText } from './report.ts';

const few = { objects: 3, evidence: 2, evidenceLength: 400, skipped: false };

/** `-o table`: every check, and of each finding as much as fits a screen. */
export const table: Format = (report, { terminal, exitCode }) => reportText(report, few, terminal, exitCode);
