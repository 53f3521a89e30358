import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const other: Readonly<Partial<Record<IdOf<'other'>, Cause>>> = {};
