import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const mirror: Readonly<Partial<Record<IdOf<'mirror'>, Cause>>> = {};
