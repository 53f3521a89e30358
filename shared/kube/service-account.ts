import { array, record, text, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';
import { readRelease } from './rbac.ts';

/** The part of a ServiceAccount that checks read. */
export interface ServiceAccount {
  readonly meta: Meta;
  /** The pull secrets that every pod of this account gets. */
  readonly pullSecrets: readonly string[];
  /** The Helm release that installed it; empty where none did. */
  readonly release: string;
}

export function readServiceAccount(raw: Json): ServiceAccount {
  return {
    meta: readMeta(raw),
    pullSecrets: array(raw['imagePullSecrets']).flatMap((entry) => text(record(entry)['name']) ?? []),
    release: readRelease(raw),
  };
}
