import { labels, name, type KubeObject } from './naming.ts';

const pods = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods', 'pods/ephemeralcontainers'] };
const workloads = [
  { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] },
  { apiGroups: ['batch'], apiVersions: ['v1'], resources: ['jobs', 'cronjobs'] },
  { apiGroups: [''], apiVersions: ['v1'], resources: ['replicationcontrollers', 'podtemplates'] },
];
const operations = ['CREATE', 'UPDATE'];

/**
 * The two webhook configurations; the webhook itself fills in the caBundle. Rewriting fails open and validation fails
 * closed: while no replica is up nothing external runs, and nothing is rewritten either. Its own namespace and
 * kube-system are left out by selectors, so that the cluster can always start itself. With a backstop, validation that the
 * API server does itself, both fail open.
 */
export function admissionObjects(namespace: string, backstop = false): KubeObject[] {
  const common = {
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    matchPolicy: 'Equivalent',
    timeoutSeconds: 5,
    namespaceSelector: everyOtherNamespace(namespace),
  };
  const client = (path: string): object => ({ clientConfig: { service: { name, namespace, path, port: 443 } } });
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name, labels },
      webhooks: [
        {
          name: 'mutate.airgap.dev',
          ...client('/mutate'),
          ...common,
          failurePolicy: 'Ignore',
          reinvocationPolicy: 'IfNeeded',
          rules: [{ operations, ...pods, scope: 'Namespaced' }],
        },
      ],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name, labels },
      webhooks: [
        {
          name: 'validate.airgap.dev',
          ...client('/validate'),
          ...common,
          failurePolicy: backstop ? 'Ignore' : 'Fail',
          rules: [pods, ...workloads].map((rule) => ({ operations, ...rule, scope: 'Namespaced' })),
        },
      ],
    },
  ];
}

/** All namespaces but the webhook's own and kube-system. */
export function everyOtherNamespace(namespace: string): object {
  const values = [...new Set([namespace, 'kube-system'])];
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }] };
}
