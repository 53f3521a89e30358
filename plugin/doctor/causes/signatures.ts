import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const signatures: Readonly<Partial<Record<IdOf<'signatures'>, Cause>>> = {};
