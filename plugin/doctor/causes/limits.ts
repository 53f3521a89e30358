import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const limits: Readonly<Partial<Record<IdOf<'limits'>, Cause>>> = {};
