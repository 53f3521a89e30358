import type { Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

export const kubelet: Readonly<Partial<Record<IdOf<'kubelet'>, Cause>>> = {};
