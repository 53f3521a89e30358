import { record, text, type Json } from '../../kube/json.ts';
import { celLabels } from './objects.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** An object of the CEL form that is not as the policies make it. */
export interface CelDrift {
  readonly kind: string;
  readonly name: string;
  /** `missing` from the cluster, `changed` there, or `extra`: ours by its labels, and made by no policy of today. */
  readonly what: 'missing' | 'changed' | 'extra';
}

/**
 * Holds what `celObjects` makes against the policies and bindings of a cluster (raw JSON of any of the four kinds,
 * other people's among them). The specifications are generated with every default spelled out, so they are equal or differ.
 */
export function celDrift(wanted: readonly KubernetesObject[], found: readonly Json[]): CelDrift[] {
  const there = new Map(found.map((object) => [keyOf(object), object]));
  const drifted = wanted.flatMap((object): CelDrift[] => {
    const other = there.get(keyOf(object));
    const same = other !== undefined && canonical(other['spec']) === canonical(object.spec);
    return same
      ? []
      : [{ kind: object.kind, name: object.metadata.name, what: other === undefined ? 'missing' : 'changed' }];
  });
  const made = new Set(wanted.map(keyOf));
  const extra = found.filter((object) => isCelObject(object) && !made.has(keyOf(object)));
  return [
    ...drifted,
    ...extra.map((object): CelDrift => ({ kind: kindOf(object), name: nameOf(object), what: 'extra' })),
  ];
}

/** Whether an object of the cluster is one of ours, by its labels. */
export function isCelObject(object: Json): boolean {
  const labels = record(record(object['metadata'])['labels']);
  return Object.entries(celLabels).every(([key, value]) => labels[key] === value);
}

const kindOf = (object: Json): string => text(object['kind']) ?? '';
const nameOf = (object: Json): string => text(record(object['metadata'])['name']) ?? '';
const keyOf = (object: Json | KubernetesObject): string => `${kindOf(object)} ${nameOf(object)}`;

/** The same text for the same JSON, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
