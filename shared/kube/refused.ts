import { withoutSecrets } from '../secret-text.ts';
import { array, record, text, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** An object whose status tells that the API server refused something; all others of its kind are not kept. */
export interface Refused {
  readonly kind: string;
  readonly meta: Meta;
  readonly messages: readonly string[];
}

/** Long enough for every refusal; a message is cut here, because some controllers put whole documents into a status. */
const limit = 16 * 1024;

/** The message without secrets if it tells of a refusal by the API server; undefined for any other. */
export function refusalIn(message: unknown): string | undefined {
  const told = text(message)?.slice(0, limit);
  // "is forbidden" stands in all of them, "cannot" and "attempting" in those that RBAC made.
  return told !== undefined && /forbidden|User \\?".*cannot/s.test(told) ? withoutSecrets(told) : undefined;
}

/**
 * Reads objects with `status.conditions`, which most kinds have, and what Argo CD's Applications have beside them.
 * Items of a list do not say their kind, so it is given.
 */
export function readRefused(kind: string): (raw: Json) => Refused | undefined {
  return (raw) => {
    const status = record(raw['status']);
    const operation = record(status['operationState']);
    const messages = [
      ...array(status['conditions']),
      operation,
      ...array(record(operation['syncResult'])['resources']),
    ].flatMap((one) => refusalIn(record(one)['message']) ?? []);
    return messages.length === 0 ? undefined : { kind, meta: readMeta(raw), messages };
  };
}
