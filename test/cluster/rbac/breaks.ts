import type { Manifest } from '../api.ts';

const apiGroup = 'rbac.authorization.k8s.io';

export const account = (namespace: string, name = 'api'): Manifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { namespace, name },
});

function role(namespace: string, name: string, resources: string[], verbs: string[], apiGroups = ['']): Manifest {
  const rules = [{ apiGroups, resources, verbs }];
  const apiVersion = `${apiGroup}/v1`;
  if (namespace === '') return { apiVersion, kind: 'ClusterRole', metadata: { name }, rules };
  return { apiVersion, kind: 'Role', metadata: { namespace, name }, rules };
}

export function bind(
  namespace: string,
  name: string,
  kind: string,
  roleName: string,
  home = namespace,
  who = 'api',
): Manifest {
  const roleRef = { apiGroup, kind, name: roleName };
  const subjects = [{ kind: 'ServiceAccount', namespace: home, name: who }];
  const apiVersion = `${apiGroup}/v1`;
  if (namespace === '') return { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects };
  return { apiVersion, kind: 'RoleBinding', metadata: { namespace, name }, roleRef, subjects };
}

interface Break {
  readonly cause: string;
  readonly severity?: string;
  readonly objects?: (namespace: string) => Manifest[];
  /** What the namespace's account `api` tries and is refused. */
  readonly tries?: undefined | ((namespace: string) => { readonly args: readonly string[]; readonly input?: string });
}

const raw =
  (url: string): Break['tries'] =>
  (namespace) => ({ args: ['get', '--raw', url.replace('NS', namespace)] });
const secrets = (namespace: string): Manifest => role(namespace, 'handed-on', ['secrets'], ['get', 'list']);

export const breaks: Readonly<Record<string, Break>> = {
  'a missing rule for one secret': { cause: 'rbac-missing-rule', tries: raw('/api/v1/namespaces/NS/secrets/db') },
  'a missing rule for all pods': { cause: 'rbac-missing-rule', tries: raw('/api/v1/pods') },
  'a missing rule for a log': { cause: 'rbac-missing-rule', tries: raw('/api/v1/namespaces/NS/pods/x/log') },
  'a missing rule in a group': { cause: 'rbac-missing-rule', tries: raw('/apis/apps/v1/namespaces/NS/deployments') },
  'a missing rule for a path': { cause: 'rbac-missing-rule', tries: raw('/metrics') },
  'a binding without its role, and what was denied for it': {
    cause: 'rbac-role-missing',
    objects: (ns) => [bind(ns, 'reader', 'Role', 'reader')],
    tries: raw('/api/v1/namespaces/NS/configmaps'),
  },
  'a cluster role binding without its role': {
    cause: 'rbac-role-missing',
    objects: (ns) => [bind('', `watcher-${ns}`, 'ClusterRole', `watcher-${ns}`, ns)],
    tries: raw('/api/v1/nodes'),
  },
  'a binding that names the wrong kind of role': {
    cause: 'rbac-role-missing',
    severity: 'warning',
    objects: (ns) => [role('', `shared-${ns}`, ['pods'], ['list']), bind(ns, 'reader', 'Role', `shared-${ns}`)],
  },
  'a role that nothing binds': {
    cause: 'rbac-binding-missing',
    objects: (ns) => [role(ns, 'reader', ['configmaps'], ['get', 'list', 'watch'])],
    tries: raw('/api/v1/namespaces/NS/configmaps'),
  },
  'an account that does not exist': {
    cause: 'rbac-subject-missing',
    severity: 'warning',
    objects: (ns) => [bind(ns, 'reader', 'ClusterRole', 'view', ns, 'gone')],
  },
  'an account named in the wrong namespace': {
    cause: 'rbac-subject-missing',
    severity: 'warning',
    objects: (ns) => [account(ns, `api-${ns}`), bind(ns, 'reader', 'ClusterRole', 'view', 'default', `api-${ns}`)],
  },
  'a namespace that does not exist': {
    cause: 'rbac-namespace-missing',
    severity: 'warning',
    objects: (ns) => [bind(ns, 'reader', 'ClusterRole', 'view', `${ns}-gone`, 'builder')],
  },
  'more granted than held': {
    cause: 'rbac-escalation',
    objects: (ns) => [
      role(ns, 'writer', ['roles'], ['get', 'create', 'patch', 'update'], [apiGroup]),
      bind(ns, 'writer', 'Role', 'writer'),
    ],
    tries: (ns) => ({ args: ['create', '-f', '-'], input: JSON.stringify(secrets(ns)) }),
  },
};
