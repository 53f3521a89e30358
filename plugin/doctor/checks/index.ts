import type { Check } from '../check.ts';
import { admissionChecks } from './admission.ts';
import { certificateChecks } from './certs.ts';
import { registryChecks } from './mirror.ts';
import { rbacChecks } from './rbac.ts';

/** Every check, in the order of the report. */
export const checks: readonly Check[] = [...certificateChecks, ...rbacChecks, ...admissionChecks, ...registryChecks];
