import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const content: Readonly<Partial<Record<IdOf<'content'>, Cause>>> = {};
