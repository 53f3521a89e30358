import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const between: Readonly<Partial<Record<IdOf<'between'>, Cause>>> = {};
