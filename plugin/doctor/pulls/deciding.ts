import type { CauseId } from '../causes/ids.ts';

/** What tells causes apart for which programs print one and the same text. */
const evidence: Readonly<Record<string, string>> = {
  'tls-expired tls-not-yet-valid':
    'the dates of the certificate beside the clock of the node; runtimes built with Go before 1.15 print neither',
  'auth-denied auth-required':
    'whether a login for this registry is sent at all, by a pull secret of the pod or by the runtime of the node; the registry says 401 to both',
  'auth-denied redirect-unreachable':
    'whether the registry redirects this download (curl -sS -k -D - -o /dev/null URL); this runtime prints the address it asked first, also when the refusal came from where it was sent',
  'mirror-config registry-error':
    'whether the port speaks TLS (openssl s_client -connect HOST); a server that wants TLS says 400 to plain HTTP',
  'never-pull never-pull-unverified':
    'whether the image is on the node (sudo crictl inspecti IMAGE); the kubelet prints the same for both, on purpose',
  'media-type-unsupported node-content-corrupt':
    'the media types of the layers (crane manifest IMAGE); containerd passes over layers that it does not know, and misses them only when a container is made',
};

export function deciding(causes: readonly CauseId[]): string | undefined {
  return evidence[causes.toSorted().join(' ')];
}
