import type { Binding, Role } from '../../../shared/kube/rbac.ts';
import { policyOf, type Policy } from '../../../shared/rbac/policy.ts';
import type { KindName, Snapshot } from '../../cluster/snapshot.ts';

export const rbacKinds = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'] as const satisfies KindName[];

/** The RBAC objects of a snapshot and whether they are all there. */
export interface Access {
  readonly policy: Policy;
  readonly roles: readonly Role[];
  readonly bindings: readonly Binding[];
  /** False where a list is missing or broke off, so that "nothing allows it" is not proven. */
  readonly complete: boolean;
  /** Every namespace there is; undefined where they could not be read. */
  readonly namespaces: ReadonlySet<string> | undefined;
  /** By namespace, the roles that no binding names and that are not building blocks of others or the cluster's own. */
  readonly unbound: ReadonlyMap<string, readonly Role[]>;
}

export function accessOf(snapshot: Snapshot): Access {
  const roles = [...snapshot.clusterroles.items, ...snapshot.roles.items];
  const bindings = [...snapshot.clusterrolebindings.items, ...snapshot.rolebindings.items];
  return {
    policy: policyOf(roles, bindings),
    roles,
    bindings,
    complete: rbacKinds.every((kind) => snapshot[kind].gap === null),
    namespaces:
      snapshot.namespaces.gap === null ? new Set(snapshot.namespaces.items.map(({ meta }) => meta.name)) : undefined,
    unbound: Map.groupBy(unboundRoles(roles, bindings), ({ meta }) => meta.namespace),
  };
}

function unboundRoles(roles: readonly Role[], bindings: readonly Binding[]): Role[] {
  const bound = new Set(bindings.map(({ meta, role }) => `${role.kind === 'Role' ? meta.namespace : ''}/${role.name}`));
  return roles.filter(
    (role) =>
      !bound.has(`${role.meta.namespace}/${role.meta.name}`) &&
      !isBuiltIn(role) &&
      role.aggregates === undefined &&
      !Object.keys(role.meta.labels).some((label) => label.startsWith('rbac.authorization.k8s.io/aggregate-to-')),
  );
}

/** Objects that the API server itself creates and repairs at every start. */
export function isBuiltIn({ meta }: Role | Binding): boolean {
  return meta.labels['kubernetes.io/bootstrapping'] === 'rbac-defaults';
}

/**
 * A name for a new role and its bindings that overwrites nothing that is there, nor what another finding proposes:
 * `key` is all that makes this proposal another one.
 */
export function freeName({ policy }: Access, namespaces: readonly string[], wish: string, key: unknown): string {
  const isTaken = (name: string): boolean =>
    policy.roles.has(`/${name}`) ||
    namespaces.some(
      (namespace) =>
        policy.roles.has(`${namespace}/${name}`) ||
        (policy.bindings.get(namespace) ?? []).some(({ meta }) => meta.name === name),
    );
  // What is no letter, digit, dot or dash has no place in a name that people type.
  const plain = wish.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
  const base = `${plain.replaceAll(/^[-.]+|[-.]+$/g, '') || 'granted'}-${fingerprint(JSON.stringify(key))}`;
  let name = base;
  for (let number = 2; isTaken(name); number++) name = `${base}-${number}`;
  return name;
}

/** Five letters and digits that differ where texts differ (FNV-1a): no secret, only a name. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36).padStart(5, '0').slice(-5);
}
