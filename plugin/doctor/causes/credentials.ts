import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const credentials: Readonly<Partial<Record<IdOf<'credentials'>, Cause>>> = {};
