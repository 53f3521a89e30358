import { readEvent } from '../../shared/kube/event.ts';
import type { Json } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import { readNode } from '../../shared/kube/node.ts';
import { readPod } from '../../shared/kube/pod.ts';
import type { KindName, Kinds } from './snapshot.ts';

/** Where the API server serves a resource. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** How one kind is fetched and reduced; `read` returns undefined for an object that no check needs. */
export type KindEntry<T> =
  | {
      readonly from: 'resource';
      readonly type: ResourceType;
      readonly fieldSelector?: string;
      readonly read: (raw: Json) => T | undefined;
    }
  | {
      /** What a connection or a local file showed: made by the observer of the same name, never by the API server. */
      readonly from: 'observation';
      /** Kinds that must have been collected before, because they say where to look. */
      readonly after: readonly KindName[];
      readonly read: (raw: Json) => T | undefined;
    };

const core = (plural: string, kind: string, namespaced: boolean): ResourceType => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
});

/** Every kind that checks can need. One line a kind; its reduction stands in shared/kube. */
export const kinds: { readonly [K in KindName]: KindEntry<Kinds[K]> } = {
  pods: { from: 'resource', type: core('pods', 'Pod', true), read: readPod },
  events: { from: 'resource', type: core('events', 'Event', true), fieldSelector: 'type=Warning', read: readEvent },
  nodes: { from: 'resource', type: core('nodes', 'Node', false), read: readNode },
  namespaces: {
    from: 'resource',
    type: core('namespaces', 'Namespace', false),
    read: (raw) => ({ meta: readMeta(raw) }),
  },
};
