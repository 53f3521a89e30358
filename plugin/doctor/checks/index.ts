import type { Check } from '../check.ts';
import { admissionChecks } from './admission.ts';
import { certificateChecks } from './certs.ts';
import { registryChecks } from './mirror.ts';
import { lockChecks } from './mirror-lock.ts';
import { pullChecks } from './pulls.ts';
import { rbacChecks } from './rbac.ts';

/** Every check, in the order of the report. */
export const checks: readonly Check[] = [
  ...pullChecks,
  ...certificateChecks,
  ...rbacChecks,
  ...admissionChecks,
  ...registryChecks,
  ...lockChecks,
];
