import type { Stage } from './fault.ts';

/** What the cluster says of a pod that waits for an image. */
export interface Observation {
  readonly phase: string;
  /** Of the first container that waits with a message; empty when none does. */
  readonly reason: string;
  readonly message: string;
  /** The warnings of the pod, each text once. */
  readonly events: readonly Warning[];
}

interface Warning {
  readonly reason: string;
  readonly message: string;
}

interface ContainerStatus {
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: {
    readonly phase?: string;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface Event extends Warning {
  readonly type: string;
  readonly involvedObject: { readonly uid?: string };
}

/** Every pod of the default namespace by name. */
export async function observe({ cluster }: Pick<Stage, 'cluster'>): Promise<Map<string, Observation>> {
  const pods = await cluster.api.get<{ items: readonly Pod[] }>('/api/v1/namespaces/default/pods');
  const events = await cluster.api.get<{ items: readonly Event[] }>('/api/v1/namespaces/default/events');
  const warnings = Map.groupBy(
    events.items.filter(({ type }) => type === 'Warning'),
    ({ involvedObject }) => involvedObject.uid ?? '',
  );
  return new Map(pods.items.map((pod) => [pod.metadata.name, observation(pod, warnings.get(pod.metadata.uid) ?? [])]));
}

function observation({ status }: Pod, warnings: readonly Warning[]): Observation {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waiting = statuses.map(({ state }) => state?.waiting).find((state) => (state?.message ?? '') !== '');
  const events = warnings.map(({ reason, message }) => ({ reason, message }));
  return {
    phase: status?.phase ?? '',
    reason: waiting?.reason ?? '',
    message: waiting?.message ?? '',
    events: [...new Map(events.map((event) => [`${event.reason} ${event.message}`, event])).values()],
  };
}

/** Whether the kubelet has said why: in the container's state, or for a sandbox, that has no state, in an event. */
export function isSettled({ message, events }: Observation): boolean {
  return message !== '' || events.some(({ reason }) => reason === 'FailedCreatePodSandBox');
}
