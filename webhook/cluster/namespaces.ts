import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../../shared/kube/json.ts';
import { readMeta } from '../../shared/kube/meta.ts';
import type { Namespace } from '../../shared/policy/namespace.ts';

/** Milliseconds for which a request waits for its namespace; the API server waits five seconds for the answer. */
const longest = 1000;

/** The namespaces of the cluster with their labels, as a watch brings them. */
export interface Namespaces {
  readonly take: (objects: ReadonlyMap<string, Json>) => void;
  /** Null before the first list. */
  readonly known: () => ReadonlyMap<string, Namespace> | null;
  /**
   * Null where a namespace is known. A pod may be created a moment after its namespace, and must not be judged without
   * its labels: this resolves when they are there, or after a second.
   */
  readonly settled: (name: string) => Promise<void> | null;
}

export function createNamespaces(patience = longest): Namespaces {
  let known: ReadonlyMap<string, Namespace> | null = null;
  const waiting = new Map<string, { readonly arrived: AbortController; readonly over: Promise<void> }>();
  return {
    take: (objects) => {
      known = new Map([...objects].map(([name, object]) => [name, { name, labels: readMeta(object).labels }]));
      for (const [name, { arrived }] of waiting) if (known.has(name)) arrived.abort();
    },
    known: () => known,
    settled: (name) => {
      if (name === '' || known?.has(name) === true) return null;
      const before = waiting.get(name);
      if (before !== undefined) return before.over;
      const arrived = new AbortController();
      const over = wait(patience, undefined, { signal: arrived.signal, ref: false })
        .catch(() => undefined)
        .then(() => void waiting.delete(name));
      waiting.set(name, { arrived, over });
      return over;
    },
  };
}
