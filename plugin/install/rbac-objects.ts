import { labels, name, type KubeObject } from './naming.ts';

const rbac = 'rbac.authorization.k8s.io';

/** What the webhook may: read policies and namespaces, write what is its own. */
export function rbacObjects(namespace: string): KubeObject[] {
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const inNamespace = { name, namespace, labels };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inNamespace, automountServiceAccountToken: false },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name, labels },
      rules: [
        { apiGroups: ['airgap.dev'], resources: ['airgappolicies'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['airgap.dev'], resources: ['airgappolicies/status'], verbs: ['patch'] },
        { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['events'], verbs: ['create'] },
        {
          apiGroups: ['admissionregistration.k8s.io'],
          resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
          resourceNames: [name],
          verbs: ['get', 'patch'],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects,
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: inNamespace,
      // "create" cannot be limited to a name, and the namespace holds nothing else.
      rules: [
        { apiGroups: [''], resources: ['secrets'], resourceNames: [`${name}-tls`], verbs: ['get', 'update'] },
        { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: [name], verbs: ['get', 'update'] },
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: inNamespace,
      roleRef: { apiGroup: rbac, kind: 'Role', name },
      subjects,
    },
  ];
}
