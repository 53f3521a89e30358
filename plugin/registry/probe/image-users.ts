import { normalize, parseReference, type Reference } from '../../../shared/image/reference.ts';
import type { ContainerScope, Pod } from '../../../shared/kube/pod.ts';

/** A place in a pod that needs an image. */
export interface ImageUser {
  readonly pod: Pod;
  readonly scope: ContainerScope | 'volume';
  /** The container's name; undefined for an image volume. */
  readonly container?: string;
  readonly reference: Reference;
  /** The reference normalised. */
  readonly image: string;
  readonly waits: boolean;
}

/** Reasons of a container that waits for its image, of every kubelet since 1.20. */
const waiting = /^(?:ErrImage|ImagePull|ImageInspect|RegistryUnavailable|SignatureValidation)/;

/** Every place in pods that are not finished which needs an image; what is no reference is left to other checks. */
export function imageUsers(pods: readonly Pod[]): ImageUser[] {
  return pods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed').flatMap(usersIn);
}

function usersIn(pod: Pod): ImageUser[] {
  const reasons = new Map(
    pod.statuses.map(({ scope, name, waiting: state }) => [`${scope}/${name}`, state?.reason ?? '']),
  );
  const user = (
    written: string,
    place: { readonly scope: ImageUser['scope']; readonly container?: string },
    waits: boolean,
  ): ImageUser[] => {
    const parsed = parseReference(written);
    if (!parsed.ok) return [];
    return [{ pod, ...place, reference: parsed.reference, image: normalize(parsed.reference), waits }];
  };
  return [
    ...pod.containers.flatMap(({ scope, name, image }) =>
      user(image, { scope, container: name }, waiting.test(reasons.get(`${scope}/${name}`) ?? '')),
    ),
    // Nothing in a pod's status says whether an image volume is there, so a pod that has not started counts as waiting.
    ...pod.imageVolumes.flatMap(({ reference }) => user(reference, { scope: 'volume' }, pod.phase === 'Pending')),
  ];
}
