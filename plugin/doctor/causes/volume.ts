import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const volume: Readonly<Partial<Record<IdOf<'volume'>, Cause>>> = {};
