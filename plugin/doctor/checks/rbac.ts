import type { Check } from '../check.ts';
import { bindingRoles } from './rbac-binding-roles.ts';
import { bindingSubjects } from './rbac-binding-subjects.ts';
import { denied } from './rbac-denied.ts';
import { podAccounts } from './rbac-pod-accounts.ts';
import { unboundRolesCheck } from './rbac-unbound-roles.ts';

export const rbacChecks: readonly Check[] = [bindingRoles, bindingSubjects, unboundRolesCheck, denied, podAccounts];
