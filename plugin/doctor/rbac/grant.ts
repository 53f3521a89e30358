import type { Role, Rule } from '../../../shared/kube/rbac.ts';
import { merged, missingRule } from '../../../shared/rbac/missing.ts';
import type { Request } from '../../../shared/rbac/request.ts';
import { accountOf } from '../../../shared/rbac/who.ts';
import { freeName, type Access } from './access.ts';
import { bindingManifest, roleManifest, yamlOf } from './manifest.ts';
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
 * is bound in each of them, with an empty namespace a ClusterRole bound in the whole cluster.
 */
export function grantYaml(access: Access, user: string, namespaces: readonly string[], rules: readonly Rule[]): string {
  const wish = `${accountOf(user)?.name ?? user}-extra`;
  const [only = '', ...more] = namespaces;
  const home = more.length > 0 ? '' : only;
  const name = freeName(access, home, wish);
  const role = { kind: home === '' ? 'ClusterRole' : 'Role', name };
  return yamlOf([
    roleManifest(home, name, rules),
    ...namespaces.map((namespace) => bindingManifest(namespace, name, role, [subjectOf(user)])),
  ]);
}

/** YAML of a binding of a role that is there. */
export function bindingYaml(access: Access, user: string, namespace: string, role: Role): string {
  const name = freeNameFor(access, namespace, role);
  const kind = role.meta.namespace === '' ? 'ClusterRole' : 'Role';
  return yamlOf([bindingManifest(namespace, name, { kind, name: role.meta.name }, [subjectOf(user)])]);
}

/** A binding may share its role's name: only other bindings are in its way. */
function freeNameFor(access: Access, namespace: string, role: Role): string {
  const taken = access.bindings.some(({ meta }) => meta.namespace === namespace && meta.name === role.meta.name);
  return taken ? freeName(access, namespace, role.meta.name) : role.meta.name;
}
