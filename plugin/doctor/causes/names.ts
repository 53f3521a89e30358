import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const names: Readonly<Partial<Record<IdOf<'names'>, Cause>>> = {};
