import { withoutSecrets } from '../secret-text.ts';
import { number, record, text, type Json } from './json.ts';

/** The part of an Event that checks read; core/v1 and events.k8s.io/v1 spell the same facts differently. */
export interface Event {
  readonly namespace: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** RFC 3339, the newest time the event carries; empty where it carries none. */
  readonly lastSeen: string;
  readonly object: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    /** `spec.containers{web}`: the container an event is about. */
    readonly fieldPath: string;
  };
}

export function readEvent(raw: Json): Event {
  const about = record(raw['involvedObject'] ?? raw['regarding']);
  const series = record(raw['series']);
  return {
    namespace: text(record(raw['metadata'])['namespace']) ?? '',
    type: text(raw['type']) ?? '',
    reason: text(raw['reason']) ?? '',
    message: withoutSecrets(text(raw['message']) ?? text(raw['note']) ?? ''),
    count: number(series['count']) ?? number(raw['count']) ?? number(raw['deprecatedCount']) ?? 1,
    lastSeen:
      text(series['lastObservedTime']) ??
      text(raw['lastTimestamp']) ??
      text(raw['eventTime']) ??
      text(raw['deprecatedLastTimestamp']) ??
      text(raw['firstTimestamp']) ??
      '',
    object: {
      kind: text(about['kind']) ?? '',
      namespace: text(about['namespace']) ?? '',
      name: text(about['name']) ?? '',
      uid: text(about['uid']) ?? '',
      fieldPath: text(about['fieldPath']) ?? '',
    },
  };
}
