import { admissionObjects } from './admission-objects.ts';
import { labels, type InstallOptions, type KubeObject } from './naming.ts';
import { rbacObjects } from './rbac-objects.ts';
import { workloadObjects } from './workload-objects.ts';

/** Everything that `install` applies but the custom resource, in an order in which it can be applied. */
export function installObjects(options: InstallOptions): KubeObject[] {
  const { namespace, backstop = false } = options;
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    ...rbacObjects(namespace),
    ...workloadObjects(options),
    ...admissionObjects(namespace, backstop),
  ];
}
