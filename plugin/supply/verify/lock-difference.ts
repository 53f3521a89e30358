import { record, text, texts, type Json } from '../../../shared/kube/json.ts';
import { differences, type Difference, type VerifyFinding } from './report.ts';

/** A difference as doctor reads it: what `verify` tells, and of which lock. */
export type LockDifference = Pick<
  VerifyFinding,
  'difference' | 'image' | 'mirror' | 'locked' | 'found' | 'part' | 'detail' | 'places'
> & { readonly lock: string };

export function readLockDifference(raw: Json): LockDifference | undefined {
  const json = record(raw);
  const [difference, image] = [text(json['difference']), text(json['image'])];
  if (image === undefined || difference === undefined || !Object.hasOwn(differences, difference)) return undefined;
  return {
    lock: text(json['lock']) ?? '',
    difference: difference as Difference,
    image,
    mirror: text(json['mirror']) ?? null,
    locked: text(json['locked']) ?? null,
    found: text(json['found']) ?? null,
    part: text(json['part']) ?? null,
    detail: text(json['detail']) ?? '',
    places: texts(json['places']),
  };
}
