import { kinds } from '../cluster/kinds.ts';
import type { KindName } from '../cluster/snapshot.ts';
import type { Check } from './check.ts';

/** The name of the role and binding that `doctor --print-rbac` prints. */
const name = 'kubectl-airgap-doctor';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * The least that these checks must be allowed to read, as objects to apply: one ClusterRole, and with a namespace a Role
 * there for what lives in namespaces. The binding is left to the administrator, who knows for whom; `subject` stands in
 * its place.
 */
export function leastRole(checks: readonly Check[], namespace: string | undefined): readonly object[] {
  const needed = new Set<KindName>(checks.flatMap(({ needs, wants }) => [...needs, ...(wants ?? [])]));
  for (const kind of needed) {
    const entry = kinds[kind];
    if (entry.from === 'observation') for (const prerequisite of entry.after) needed.add(prerequisite);
  }
  const entries = [...needed].map((kind) => kinds[kind]).filter((entry) => entry.from === 'resource');
  const inNamespace = entries.filter(({ type }) => namespace !== undefined && type.namespaced);
  const everywhere = entries.filter((entry) => !inNamespace.includes(entry));
  return [
    ...role('ClusterRole', { name }, rulesOf(everywhere.map(({ type }) => type))),
    ...(namespace === undefined ? [] : role('Role', { name, namespace }, rulesOf(inNamespace.map(({ type }) => type)))),
  ];
}

function role(kind: 'Role' | 'ClusterRole', metadata: object, rules: readonly Rule[]): object[] {
  return rules.length === 0 ? [] : [{ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules }];
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
