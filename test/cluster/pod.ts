import type { Manifest } from './api.ts';

/** A pod of one container, labelled `app: NAME`, that ends at once when it is deleted. */
export function pod(
  name: string,
  image: string,
  spec: Readonly<Record<string, unknown>> = {},
  container: Readonly<Record<string, unknown>> = {},
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [{ name: 'main', image, ...container }],
      ...spec,
    },
  };
}
