import type { Meta } from '../../../shared/kube/meta.ts';

/** Objects by their namespace. */
export function byNamespace<T extends { readonly meta: Meta }>(objects: readonly T[]): Map<string, T[]> {
  return Map.groupBy(objects, (object) => object.meta.namespace);
}

/** Objects by `namespace/name`. */
export function byName<T extends { readonly meta: Meta }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [`${object.meta.namespace}/${object.meta.name}`, object]));
}
