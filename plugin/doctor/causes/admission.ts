import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const admission: Readonly<Partial<Record<IdOf<'admission'>, Cause>>> = {};
