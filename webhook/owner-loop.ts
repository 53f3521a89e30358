import type { Facts, Webhook } from './review.ts';

/** Owners of Kubernetes itself compare templates, not pods: a rewritten image never makes them recreate one. */
const steady = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController', 'Node']);

const window = 10 * 60_000;
/** The same name again and again is a loop; without a name it may be somebody who starts many pods. */
const timesNamed = 3;
const timesUnnamed = 20;
const silence = 60 * 60_000;
const mostOwners = 2000;

/** An owner that seems to recreate pods because their images are not the ones that it asked for. */
export interface OwnerLoop {
  readonly namespace: string;
  readonly owner: NonNullable<Facts['owner']>;
  readonly times: number;
  readonly policy: string;
  /** What ends it. */
  readonly hint: string;
}

/** Notices owners that fight the webhook. Returns what is to be told, at most once an hour for each owner. */
export function createOwnerLoops(): (webhook: Webhook, facts: Facts, now: number) => OwnerLoop | null {
  const seen = new Map<string, number[]>();
  const told = new Map<string, number>();
  return (webhook, { operation, kind, dryRun, judgement, owner, namespace, name, policy }, now) => {
    const counts = webhook === 'mutate' && operation === 'CREATE' && kind === 'Pod' && !dryRun;
    if (!counts || owner === null || policy === null || steady.has(owner.kind)) return null;
    if (judgement.images.every(({ effect }) => effect !== 'rewrite')) return null;
    const key = `${owner.uid} ${name}`;
    const recent = [...(seen.get(key) ?? []).filter((time) => now - time < window), now].slice(-timesUnnamed);
    remember(seen, key, recent);
    if (recent.length < (name === '' ? timesUnnamed : timesNamed) || now - (told.get(owner.uid) ?? -silence) < silence)
      return null;
    remember(told, owner.uid, now);
    const hint = `if ${owner.kind} ${owner.name} compares its pods with what it asked for, give it the name of the mirror itself, or add {namespaces: [${namespace}], reason: "…"} to spec.exemptions of AirgapPolicy ${policy.name}`;
    return { namespace, owner, times: recent.length, policy: policy.name, hint };
  };
}

/** The newest stay: what users invent must not fill the memory. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > mostOwners && oldest !== undefined) map.delete(oldest);
}
