import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const api: Readonly<Partial<Record<IdOf<'api'>, Cause>>> = {};
