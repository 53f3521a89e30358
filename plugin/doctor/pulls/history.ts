import type { Event } from '../../../shared/kube/event.ts';
import type { Pod } from '../../../shared/kube/pod.ts';

/** The kubelet's words on a pod's images, by the pod; events of other reasons are left out. */
export type History = ReadonlyMap<string, readonly Event[]>;

const reasons = new Set([
  'Failed',
  'InspectFailed',
  'ErrImageNeverPull',
  'BackOff',
  'FailedToRetrieveImagePullSecret',
  'FailedCreatePodSandBox',
  'FailedCreatePodSandbox',
]);

export function historyOf(events: readonly Event[]): History {
  return Map.groupBy(
    events.filter(({ object, reason }) => object.kind === 'Pod' && reasons.has(reason)),
    ({ object }) => keyOf(object.namespace, object.name, object.uid),
  );
}

/** Oldest first. A pod made anew under an old name has another uid, and what was said of its predecessor is not its own. */
export function eventsOf(history: History, { meta }: Pod): readonly Event[] {
  const events = history.get(keyOf(meta.namespace, meta.name, meta.uid)) ?? [];
  return events.toSorted((a, b) => (a.lastSeen < b.lastSeen ? -1 : 1));
}

function keyOf(namespace: string, name: string, uid: string): string {
  return [namespace, name, uid].join('/');
}

/**
 * The newest event that says why an image failed: a pull or an inspection that names it. An event about a container
 * carries its name in the field path; one about an image volume has no field path.
 */
export function pullEvent(events: readonly Event[], container: string, image: string): Event | undefined {
  return events.findLast(
    ({ reason, message, object }) =>
      (reason === 'Failed' || reason === 'InspectFailed') &&
      /^failed to (?:pull|inspect) image /i.test(message) &&
      (object.fieldPath === '' ? message.includes(`"${image}"`) : object.fieldPath.endsWith(`{${container}}`)),
  );
}

/** The pull secrets that the kubelet could not read when it last tried; empty where it said nothing of any. */
export function missingSecrets(events: readonly Event[]): readonly string[] {
  const event = events.findLast(({ reason }) => reason === 'FailedToRetrieveImagePullSecret');
  const names = /\((?<names>[^()]{1,4096})\)/.exec((event?.message ?? '').slice(0, 8192))?.groups?.['names'];
  return names === undefined ? [] : names.split(',').map((name) => name.trim());
}
