import type { Format } from './index.ts';
import { reportText } from './report.ts';

const all = { objects: Infinity, evidence: Infinity, evidenceLength: 10_000, skipped: true };

/** `-o wide`: as `table`, with every object and all evidence. */
export const wide: Format = (report, { terminal, exitCode }) => reportText(report, all, terminal, exitCode);
