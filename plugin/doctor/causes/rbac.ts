import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const rbac: Readonly<Partial<Record<IdOf<'rbac'>, Cause>>> = {};
