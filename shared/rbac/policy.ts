import type { Binding, Role, Rule, Subject } from '../kube/rbac.ts';
import type { Request } from './request.ts';
import { allows } from './rule.ts';
import { accountOf, type AccountName, type Who } from './who.ts';

/** The RBAC objects of a cluster, laid out so that a question costs only the bindings of its namespace. */
export interface Policy {
  readonly roles: ReadonlyMap<string, Role>;
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
}

/** Cluster roles and cluster role bindings are those with an empty namespace. */
export function policyOf(roles: readonly Role[], bindings: readonly Binding[]): Policy {
  return {
    roles: new Map(roles.map((role) => [key(role.meta.namespace, role.meta.name), role])),
    bindings: Map.groupBy(bindings, (binding) => binding.meta.namespace),
  };
}

/** The role that a binding names: of the binding's own namespace or of the cluster; undefined where there is none. */
export function roleOf(policy: Policy, { meta, role }: Binding): Role | undefined {
  if (role.kind === 'ClusterRole') return policy.roles.get(key('', role.name));
  if (role.kind === 'Role' && meta.namespace !== '') return policy.roles.get(key(meta.namespace, role.name));
  return undefined;
}

interface Grant {
  readonly binding: Binding;
  readonly role: Role;
  readonly rule: Rule;
}

export type Answer =
  | { readonly allowed: true; readonly by: Grant }
  /** `dangling`: bindings that apply to the request but name a role that does not exist, so that they grant nothing. */
  | { readonly allowed: false; readonly dangling: readonly Binding[] };

/**
 * May WHO do this? Decided as the API server's RBAC authorizer does: cluster role bindings first, then the role
 * bindings of the request's namespace; rules only add. A request at the cluster scope is never allowed by a role
 * binding. Other authorizers (node, webhook) are not asked, but members of `system:masters` may always do everything.
 */
export function may(policy: Policy, who: Who, request: Request): Answer {
  const dangling: Binding[] = [];
  for (const binding of bindingsFor(policy, who, namespaceOf(request))) {
    const role = roleOf(policy, binding);
    if (role === undefined) {
      dangling.push(binding);
      continue;
    }
    const rule = role.rules.find((candidate) => allows(candidate, request));
    if (rule !== undefined) return { allowed: true, by: { binding, role, rule } };
  }
  return who.groups.includes('system:masters') ? { allowed: true, by: masters } : { allowed: false, dangling };
}

/** The bindings that give somebody anything in a namespace, or (with an empty one) in the whole cluster. */
export function bindingsFor(policy: Policy, who: Who, namespace: string): Binding[] {
  const account = accountOf(who.user);
  const applying = (home: string): Binding[] =>
    (policy.bindings.get(home) ?? []).filter(({ subjects }) =>
      subjects.some((subject) => appliesTo(subject, who, account, home)),
    );
  return namespace === '' ? applying('') : [...applying(''), ...applying(namespace)];
}

/** Every rule that somebody has in a namespace, or (with an empty one) in the whole cluster. */
export function rulesFor(policy: Policy, who: Who, namespace: string): Rule[] {
  return bindingsFor(policy, who, namespace).flatMap((binding) => roleOf(policy, binding)?.rules ?? []);
}

export function namespaceOf(request: Request): string {
  return 'path' in request ? '' : request.namespace;
}

function appliesTo(subject: Subject, { user, groups }: Who, account: AccountName | undefined, home: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user;
    case 'Group':
      return groups.includes(subject.name);
    case 'ServiceAccount':
      return account?.name === subject.name && account.namespace === (subject.namespace || home);
    default:
      return false;
  }
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

const anything: Rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: ['*'] };
const builtInMeta = { namespace: '', name: 'system:masters', uid: '', labels: {}, owners: [] };
const masters: Grant = {
  binding: {
    meta: builtInMeta,
    role: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'Group', namespace: '', name: 'system:masters' }],
  },
  role: { meta: builtInMeta, rules: [anything], release: '' },
  rule: anything,
};
