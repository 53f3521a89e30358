import { withoutSecrets } from '../secret-text.ts';
import { array, record, text, type Json } from './json.ts';

/** One entry of `status.conditions`, which most kinds spell alike. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; empty where it is not told. */
  readonly since: string;
}

export function readConditions(raw: Json): Condition[] {
  return array(record(raw['status'])['conditions'])
    .map(record)
    .map((condition) => ({
      type: text(condition['type']) ?? '',
      status: text(condition['status']) ?? '',
      reason: text(condition['reason']) ?? '',
      message: withoutSecrets(text(condition['message']) ?? ''),
      since: text(condition['lastTransitionTime']) ?? '',
    }));
}
