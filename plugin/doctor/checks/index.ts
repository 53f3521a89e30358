import type { Check } from '../check.ts';
import { admissionChecks } from './admission.ts';
import { certificateChecks } from './certs.ts';
import { egressChecks } from './egress.ts';
import { registryChecks } from './mirror.ts';
import { lockChecks } from './mirror-lock.ts';
import { pullChecks } from './pulls.ts';
import { rbacChecks } from './rbac.ts';
import { toolChecks } from './tools.ts';

/** Every check, in the order of the report. */
export const checks: readonly Check[] = [
  ...pullChecks,
  ...certificateChecks,
  ...rbacChecks,
  ...egressChecks,
  ...admissionChecks,
  ...registryChecks,
  ...toolChecks,
  ...lockChecks,
];
