import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { onNode } from './place.ts';

export const volume: Readonly<Record<IdOf<'volume'>, Cause>> = {
  'image-volume': {
    title: 'an image was pulled and cannot be mounted as a volume',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) => `the image ${fact(facts, 'image')} was pulled, and mounting it as a volume of the pod failed`,
    remedy: (facts) => [
      'If the pod mounts a part of it (subPath), that path must exist in the image and be a directory; see what is in it:',
      `$ crane export ${word(facts, 'image')} - | tar -tf - | head -50`,
      'See which path the pod asks for:',
      `$ kubectl get pod ${word(facts, 'name')} -n ${word(facts, 'namespace')} -o jsonpath='{range .spec.containers[*].volumeMounts[*]}{.name}{" "}{.mountPath}{" "}{.subPath}{"\\n"}{end}'`,
      `${onNode(facts)}, a runtime before containerd 2.1 or CRI-O 1.31 cannot mount images at all:`,
      '$ sudo crictl version',
    ],
    explanation:
      'A volume of the type "image" is pulled like any image and then mounted read-only. The pull succeeded; the mount did not: the sub-path does not exist or is a file, the runtime is too old, or it cannot unpack this artifact. When the pull itself fails, the cause of that is reported instead, with the scope "volume".',
    confirm: ['$ kubectl describe pod NAME -n NAMESPACE', '$ crane export IMAGE - | tar -tf - | head'],
    example: 'ImageVolumeMountFailed: failed to ensure image subpath "models" in "/var/lib/containerd/…": not found',
  },
};
