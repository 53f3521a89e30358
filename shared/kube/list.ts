import { array, record, text, type Json } from './json.ts';

/** An object, and the path to it in the document that held it. */
export interface Element {
  readonly object: Json;
  readonly path: readonly (string | number)[];
}

/** The elements of a List, and of the Lists in it; null for what is no List. */
export function elementsOf(document: Json, path: Element['path'] = []): Element[] | null {
  const kind = text(document['kind']);
  if (kind?.endsWith('List') !== true || !Array.isArray(document['items'])) return null;
  return array(document['items']).flatMap((item, index) => {
    const object = typed(record(item), kind, document['apiVersion']);
    const at = [...path, 'items', index];
    return elementsOf(object, at) ?? [{ object, path: at }];
  });
}

/** The API server leaves out of the elements of a PodList what its own kind says of them. */
function typed(item: Json, listKind: string, apiVersion: unknown): Json {
  if (listKind === 'List' || item['kind'] !== undefined) return item;
  return { apiVersion, ...item, kind: listKind.slice(0, -'List'.length) };
}
