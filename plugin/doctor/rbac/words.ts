import type { Binding, Role, Rule } from '../../../shared/kube/rbac.ts';
import { combined, type Request } from '../../../shared/rbac/request.ts';
import { accountOf } from '../../../shared/rbac/who.ts';
import type { ObjectRef } from '../finding.ts';
import { oneLine, shell } from '../shell.ts';

/** How a report names somebody: "ServiceAccount app/web" or "User jane". */
export function nameOf(user: string): string {
  const account = accountOf(user);
  return account === undefined ? `User ${oneLine(user)}` : `ServiceAccount ${account.namespace}/${account.name}`;
}

/** "list, watch pods; get secrets db; get path /metrics". */
export function actionsOf(rules: readonly Rule[]): string {
  return rules
    .map((rule) => {
      const verbs = rule.verbs.join(', ');
      if (rule.nonResourceURLs.length > 0) return `${verbs} ${rule.nonResourceURLs.join(', ')}`;
      const [group] = rule.apiGroups;
      const resources = rule.resources.map((resource) => qualified(resource, group ?? '')).join(', ');
      return `${verbs} ${resources}${rule.resourceNames.length > 0 ? ` ${rule.resourceNames.join(', ')}` : ''}`;
    })
    .join('; ');
}

export function placeOf(namespace: string): string {
  return namespace === '' ? 'in the whole cluster' : `in namespace ${namespace}`;
}

/** The command that asks the API server itself whether somebody may do this. */
export function canI(user: string, request: Request): string {
  const as = `--as=${shell(user)}`;
  if ('path' in request) return `kubectl auth can-i ${shell(request.verb)} ${shell(request.path)} ${as}`;
  const plain = qualified(request.resource, request.group) + (request.name === '' ? '' : `/${request.name}`);
  const subresource = request.subresource === '' ? '' : ` --subresource=${shell(request.subresource)}`;
  const where = request.namespace === '' ? '-A' : `-n ${shell(request.namespace)}`;
  return `kubectl auth can-i ${shell(request.verb)} ${shell(plain)}${subresource} ${where} ${as}`;
}

/** `deployments.apps`, `deployments.apps/scale`, `pods`: as kubectl understands it. */
function qualified(resource: string, group: string): string {
  if (group === '') return resource;
  const slash = resource.indexOf('/');
  return slash < 0 ? `${resource}.${group}` : `${resource.slice(0, slash)}.${group}${resource.slice(slash)}`;
}

export function describe(request: Request): string {
  if ('path' in request) return `${request.verb} ${request.path}`;
  const name = request.name === '' ? '' : ` ${request.name}`;
  return `${request.verb} ${qualified(combined(request), request.group)}${name} ${placeOf(request.namespace)}`;
}

export function bindingKind(namespace: string): string {
  return namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
}

export function bindingRef({ meta }: Binding): ObjectRef {
  const { namespace, name } = meta;
  return { kind: bindingKind(namespace), ...(namespace === '' ? {} : { namespace }), name };
}

/** "Role app/reader", "ClusterRole reader". */
export function roleRefName({ meta }: Role): string {
  return meta.namespace === '' ? `ClusterRole ${meta.name}` : `Role ${meta.namespace}/${meta.name}`;
}

/** "RoleBinding app/web", "ClusterRoleBinding web". */
export function refName({ kind, namespace, name }: ObjectRef): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** "a", "a and b", "a and 4 more". */
export function counted(names: readonly string[]): string {
  const [first = '', second] = names;
  if (names.length > 2) return `${first} and ${names.length - 1} more`;
  return second === undefined ? first : `${first} and ${second}`;
}
