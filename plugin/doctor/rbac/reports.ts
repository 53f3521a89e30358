import type { KindName, Snapshot } from '../../cluster/snapshot.ts';
import type { ObjectRef } from '../finding.ts';
import { denials, type Denial } from './denial.ts';

/** A denial and the object whose event or status tells of it. */
export interface Reported {
  readonly denial: Denial;
  readonly object: ObjectRef;
}

/** Kinds whose conditions outlive their events. */
export const reportingKinds = [
  'deployments',
  'horizontalpodautoscalers',
  'kustomizations',
  'helmreleases',
  'applications',
] as const satisfies readonly KindName[];

/** Every denial that the cluster's own objects tell of. */
export function reported(snapshot: Snapshot): Reported[] {
  const found: Reported[] = [];
  const read = (message: string, object: () => ObjectRef): void => {
    for (const denial of denials(message)) found.push({ denial, object: object() });
  };
  for (const { message, object, namespace } of snapshot.events.items)
    read(message, () => ref(object.kind, object.namespace || (object.kind === 'Node' ? '' : namespace), object.name));
  for (const pod of snapshot.pods.items) {
    const object = (container?: string): ObjectRef => ref('Pod', pod.meta.namespace, pod.meta.name, container);
    for (const { name, waiting, refusal = '' } of pod.statuses) {
      read(waiting?.message ?? '', () => object(name));
      read(refusal, () => object(name));
    }
    for (const condition of pod.conditions) read(condition.message, () => object());
  }
  for (const kind of reportingKinds)
    for (const { kind: name, meta, messages } of snapshot[kind].items)
      for (const message of messages) read(message, () => ref(name, meta.namespace, meta.name));
  return found;
}

function ref(kind: string, namespace: string, name: string, container?: string): ObjectRef {
  return {
    kind,
    ...(namespace === '' ? {} : { namespace }),
    name,
    ...(container === undefined ? {} : { container }),
  };
}
