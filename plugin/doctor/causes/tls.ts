import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const tls: Readonly<Partial<Record<IdOf<'tls'>, Cause>>> = {};
