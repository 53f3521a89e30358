import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const network: Readonly<Partial<Record<IdOf<'network'>, Cause>>> = {};
