import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const dns: Readonly<Partial<Record<IdOf<'dns'>, Cause>>> = {};
