import type { ContainerStatus, Pod } from '../../../shared/kube/pod.ts';
import type { Scope } from '../finding.ts';

/** A container that waits because of an image. */
export interface Waiting {
  readonly scope: Exclude<Scope, 'sandbox'>;
  readonly container: string;
  /** The reference in the spec: of the container, or of the image volume that is meant. */
  readonly image: string;
  readonly volume?: string;
  readonly reason: string;
  readonly message: string;
}

const reasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'ErrImageNeverPull',
  'InvalidImageName',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Reasons that mostly have other grounds; only a message that names an image makes them ours. */
const aboutCreating = new Set(['CreateContainerError', 'RunContainerError']);

/** Finished pods and pods that are being deleted want no image any more. */
export function wantsImages({ meta, phase }: Pod): boolean {
  return meta.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

/** What of a pod waits for an image now; a container that runs or has run has recovered, whatever its events say. */
export function waitingIn(pod: Pod): readonly Waiting[] {
  if (!wantsImages(pod)) return [];
  return pod.statuses.flatMap((status) => {
    const { waiting } = status;
    if (waiting === undefined || !isAboutImages(waiting.reason, waiting.message)) return [];
    return [{ ...target(pod, status, waiting.message), container: status.name, ...waiting }];
  });
}

/** The kubelet gives these reasons for images only. */
export function isAboutPulls(reason: string): boolean {
  return reasons.has(reason);
}

function isAboutImages(reason: string, message: string): boolean {
  if (isAboutPulls(reason)) return true;
  return (
    aboutCreating.has(reason) &&
    /image volume|ImageVolumeMountFailed|unpacking image|OCI artifact|parent snapshot \S{1,256} does not exist/i.test(
      message,
    )
  );
}

/**
 * An image volume that cannot be pulled shows in the status of each container that mounts it, with the container's own
 * image beside it; only the reference in the message tells which is meant.
 */
function target(pod: Pod, status: ContainerStatus, message: string): Pick<Waiting, 'scope' | 'image' | 'volume'> {
  const spec = pod.containers.find(({ name, scope }) => name === status.name && scope === status.scope);
  const image = spec?.image ?? status.image;
  const volume = pod.imageVolumes.find(
    ({ reference }) => reference !== '' && reference !== image && message.includes(reference),
  );
  if (volume === undefined || (image !== '' && message.includes(`"${image}"`))) return { scope: status.scope, image };
  return { scope: 'volume', image: volume.reference, volume: volume.name };
}
