import type { Role, Rule } from '../../../shared/kube/rbac.ts';
import { merged, missingRule } from '../../../shared/rbac/missing.ts';
import type { Request } from '../../../shared/rbac/request.ts';
import { accountOf } from '../../../shared/rbac/who.ts';
import { freeName, type Access } from './access.ts';
import { bindingManifest, namespaceManifest, roleManifest, yamlOf } from './manifest.ts';
import { subjectOf } from './verdict.ts';

/** The least rules for some requests. Whoever lists with a client library watches next, so the one comes with the other. */
export function rulesOf(requests: readonly Request[]): Rule[] {
  return merged(
    requests.flatMap((request) =>
      request.verb === 'list' && !('path' in request)
        ? [missingRule(request), missingRule({ ...request, verb: 'watch' })]
        : [missingRule(request)],
    ),
  );
}

/**
 * YAML of a role with these rules and of its binding to a user: in one namespace a Role, in several a ClusterRole that
 * is bound in each of them, with an empty namespace a ClusterRole bound in the whole cluster. A namespace that does not
 * exist comes first.
 */
export function grantYaml(access: Access, user: string, namespaces: readonly string[], rules: readonly Rule[]): string {
  const [only = '', ...more] = namespaces;
  const home = more.length > 0 ? '' : only;
  const name = freeName(access, namespaces, `${accountOf(user)?.name ?? user}-extra`, [user, namespaces, rules]);
  const role = { kind: home === '' ? 'ClusterRole' : 'Role', name };
  return yamlOf([
    ...missingAmong(access, namespaces).map(namespaceManifest),
    roleManifest(home, name, rules),
    ...namespaces.map((namespace) => bindingManifest(namespace, name, role, [subjectOf(user)])),
  ]);
}

/** The namespaces of a request that do not exist. */
export function missingAmong(access: Access, namespaces: readonly string[]): string[] {
  return namespaces.filter((namespace) => namespace !== '' && access.namespaces?.has(namespace) === false);
}

/** YAML of a binding of a role that is there to an account; the names tell which of several accounts it is for. */
export function bindingYaml(access: Access, user: string, namespace: string, role: Role): string {
  const account = accountOf(user);
  const kind = role.meta.namespace === '' ? 'ClusterRole' : 'Role';
  const { name: roleName } = role.meta;
  const home = account?.namespace === namespace ? '' : `${account?.namespace ?? ''}-`;
  const wish = account?.name === roleName && home === '' ? roleName : `${roleName}-${home}${account?.name ?? user}`;
  const taken = (access.policy.bindings.get(namespace) ?? []).some(({ meta }) => meta.name === wish);
  const name = taken ? freeName(access, [namespace], wish, user) : wish;
  return yamlOf([
    ...missingAmong(access, [namespace]).map(namespaceManifest),
    bindingManifest(namespace, name, { kind, name: roleName }, [subjectOf(user)]),
  ]);
}
