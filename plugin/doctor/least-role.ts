import { accountOf } from '../../shared/rbac/who.ts';
import { kinds } from '../cluster/kinds.ts';
import type { KindName } from '../cluster/snapshot.ts';
import type { Check } from './check.ts';

/** The name of the role and binding that `doctor --print-rbac` prints. */
const name = 'kubectl-airgap-doctor';
const apiGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${apiGroup}/v1`;

type Rule =
  | { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }
  | { readonly nonResourceURLs: readonly string[]; readonly verbs: readonly string[] };

/** The version of the server and which groups it serves: open to everybody, unless somebody has closed it. */
const discovery: Rule = { nonResourceURLs: ['/version', '/apis/*'], verbs: ['get'] };

/**
 * The least that these checks must be allowed to read, as objects to apply: one ClusterRole, and with a namespace a Role
 * there for what lives in namespaces. With a user (`jane`, `system:serviceaccount:ops:doctor`) the bindings as well;
 * otherwise they are left to the administrator, who knows for whom.
 */
export function leastRole(checks: readonly Check[], namespace?: string, user?: string): readonly object[] {
  const types = [...kindsOf(checks)].map((kind) => kinds[kind]).flatMap((entry) => ('type' in entry ? entry.type : []));
  const here = types.filter(({ namespaced }) => namespace !== undefined && namespaced);
  const everywhere = types.filter((type) => !here.includes(type));
  return [
    ...granted('Cluster', { name }, [...rulesOf(everywhere), discovery], user),
    ...(namespace === undefined || here.length === 0 ? [] : granted('', { name, namespace }, rulesOf(here), user)),
  ];
}

/** What the checks read, with what their observations follow. */
function kindsOf(checks: readonly Check[]): Set<KindName> {
  const needed = new Set<KindName>(checks.flatMap(({ needs, wants }) => [...needs, ...(wants ?? [])]));
  // A Set iterates over what is added on the way, so prerequisites of prerequisites come in as well.
  for (const kind of needed) {
    const entry = kinds[kind];
    if (entry.from === 'observation') for (const prerequisite of entry.after) needed.add(prerequisite);
  }
  return needed;
}

function granted(prefix: 'Cluster' | '', metadata: object, rules: readonly Rule[], user: string | undefined): object[] {
  const kind = `${prefix}Role`;
  const role = { apiVersion, kind, metadata, rules };
  if (user === undefined) return [role];
  const account = accountOf(user);
  const subject =
    account === undefined ? { apiGroup, kind: 'User', name: user } : { kind: 'ServiceAccount', ...account };
  const binding = { apiVersion, kind: `${kind}Binding`, metadata };
  return [role, { ...binding, roleRef: { apiGroup, kind, name }, subjects: [subject] }];
}

function rulesOf(types: readonly { readonly group: string; readonly plural: string }[]): Rule[] {
  const byGroup = Object.groupBy(types, ({ group }) => group);
  return Object.entries(byGroup)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members = []]) => ({
      apiGroups: [group],
      resources: members.map(({ plural }) => plural).toSorted(),
      verbs: ['list'],
    }));
}
