import { array, record, text, textMap } from './json.ts';

/** What every check may want to know of an object, whatever its kind. */
export interface Meta {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The one that controls it before others. */
  readonly owners: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

/** `metadata` of a raw object; a missing namespace or name reads as the empty string. */
export function readMeta(raw: unknown): Meta {
  const meta = record(record(raw)['metadata']);
  const created = text(meta['creationTimestamp']);
  const deleted = text(meta['deletionTimestamp']);
  return {
    namespace: text(meta['namespace']) ?? '',
    name: text(meta['name']) ?? '',
    uid: text(meta['uid']) ?? '',
    ...(created === undefined ? {} : { creationTimestamp: created }),
    ...(deleted === undefined ? {} : { deletionTimestamp: deleted }),
    labels: textMap(meta['labels']),
    owners: array(meta['ownerReferences'])
      .map(record)
      .toSorted((a, b) => Number(b['controller'] === true) - Number(a['controller'] === true))
      .map((owner) => ({
        kind: text(owner['kind']) ?? '',
        name: text(owner['name']) ?? '',
        uid: text(owner['uid']) ?? '',
      })),
  };
}
