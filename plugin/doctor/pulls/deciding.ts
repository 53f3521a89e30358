import type { CauseId } from '../causes/ids.ts';

/** What tells causes apart for which programs print one and the same text. */
const evidence: Readonly<Record<string, string>> = {
  'tls-expired tls-not-yet-valid':
    'the dates of the certificate beside the clock of the node; runtimes built with Go before 1.15 print neither',
  'auth-denied auth-required':
    'whether the pod brings a login for this registry at all; the library prints "invalid username/password" for every 401 of a token service',
  'never-pull never-pull-unverified':
    'whether the image is on the node (sudo crictl inspecti IMAGE); the kubelet prints the same for both, on purpose',
  'media-type-unsupported node-content-corrupt':
    'the media types of the layers (crane manifest IMAGE); containerd passes over layers that it does not know, and misses them only when a container is made',
};

export function deciding(causes: readonly CauseId[]): string | undefined {
  return evidence[causes.toSorted().join(' ')];
}
