import type { Binding } from '../../../shared/kube/rbac.ts';
import { roleOf } from '../../../shared/rbac/policy.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';
import { accessOf, rbacKinds, type Access } from '../rbac/access.ts';
import { accountKey, accountsIn, accountsInUse } from '../rbac/accounts.ts';
import { rulesOf } from '../rbac/grant.ts';
import { bindingManifest, roleManifest, yamlOf } from '../rbac/manifest.ts';
import { stillDenied, type StillDenied } from '../rbac/verdict.ts';
import { bindingKind, bindingRef, counted, refName } from '../rbac/words.ts';
import { shell } from '../shell.ts';

export const bindingRoles: Check = {
  id: 'AG-RBC-001',
  category: 'rbac',
  title: 'every binding names a role that exists',
  explanation:
    'A RoleBinding or ClusterRoleBinding may name a role that does not exist: the API server accepts it and silently grants nothing, so the fault shows only when somebody is denied. It happens when a chart was installed in part, when a role was renamed or deleted, or when a RoleBinding names a Role of another namespace. What was denied to the subjects since, as far as events and conditions tell, is used to propose the content of the missing role.',
  needs: [...rbacKinds],
  wants: ['pods', 'events', 'serviceaccounts'],
  run(snapshot) {
    const access = accessOf(snapshot);
    if (!access.complete) return [];
    const denied = stillDenied(snapshot, access);
    const used = accountsInUse(snapshot);
    const dangling = access.bindings.filter((binding) => roleOf(access.policy, binding) === undefined);
    const byRole = Map.groupBy(dangling, roleName);
    return [...byRole.values()].map((bindings): Finding => {
      const consequences = denied.filter(
        (one) => one.why === 'dangling' && one.bindings.some((b) => bindings.includes(b)),
      );
      const inUse = bindings.some((binding) => accountsIn(binding).some((account) => used.has(accountKey(account))));
      return {
        cause: 'rbac-role-missing',
        severity: inUse || consequences.length > 0 ? 'error' : 'warning',
        confidence: 'certain',
        facts: factsOf(access, bindings, consequences),
        evidence: [
          ...bindings.slice(0, 3).map((binding) => `${refName(bindingRef(binding))} names ${roleName(binding)}`),
          ...new Set(consequences.map(({ denial }) => denial.text)),
        ],
        objects: bindings.map(bindingRef),
      };
    });
  },
};

/** "Role app/reader" or "ClusterRole reader": of the binding's namespace where the role is namespaced. */
function roleName({ meta, role }: Binding): string {
  return role.kind === 'Role' ? `Role ${meta.namespace}/${role.name}` : `${role.kind} ${role.name}`;
}

function factsOf(access: Access, bindings: readonly Binding[], denied: readonly StillDenied[]): Facts {
  const [first] = bindings;
  if (first === undefined) return {};
  const names = counted(bindings.map((binding) => refName(bindingRef(binding))));
  const remove = bindings.slice(0, 10).map(({ meta }) => {
    const where = meta.namespace === '' ? '' : ` -n ${shell(meta.namespace)}`;
    return `kubectl delete ${bindingKind(meta.namespace).toLowerCase()} ${shell(meta.name)}${where}`;
  });
  return {
    role: roleName(first),
    bindings: names,
    remove: remove.join('\n'),
    ...(bindings.length === 1 ? {} : { plural: 'yes' }),
    ...(isOwnRole(first.role.name) ? { own: 'yes' } : proposal(access, first, bindings, denied)),
  };
}

/** Cluster roles that every API server creates for itself when it starts. */
function isOwnRole(name: string): boolean {
  return name.startsWith('system:') || ['cluster-admin', 'admin', 'edit', 'view'].includes(name);
}

/** What the author most likely meant: a role of that name of the other kind, of another namespace, or one not yet there. */
function proposal(access: Access, first: Binding, bindings: readonly Binding[], denied: readonly StillDenied[]): Facts {
  const { role } = first;
  const named = access.roles.filter(({ meta }) => meta.name === role.name);
  const here = named.find(({ meta }) => meta.namespace === '' || meta.namespace === first.meta.namespace);
  if (here !== undefined) {
    const kind = here.meta.namespace === '' ? 'ClusterRole' : 'Role';
    const documents = bindings.map(({ meta, subjects }) =>
      bindingManifest(meta.namespace, meta.name, { kind, name: role.name }, subjects),
    );
    return { instead: `${kind} ${role.name}`, manifest: yamlOf(documents) };
  }
  const home = role.kind === 'Role' ? first.meta.namespace : '';
  const elsewhere = named.find(({ rules }) => rules.length > 0);
  if (elsewhere !== undefined)
    return {
      copy: `Role ${elsewhere.meta.namespace}/${role.name}`,
      manifest: yamlOf([roleManifest(home, role.name, elsewhere.rules)]),
    };
  if (denied.length === 0) return {};
  const rules = rulesOf(denied.map(({ denial }) => denial.request));
  return { denied: 'yes', manifest: yamlOf([roleManifest(home, role.name, rules)]) };
}
