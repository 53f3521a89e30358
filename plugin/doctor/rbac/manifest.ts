import type { Rule, Subject } from '../../../shared/kube/rbac.ts';
import type { AccountName } from '../../../shared/rbac/who.ts';

/** A value of the few shapes that these manifests need. */
export type Tree = string | readonly Tree[] | { readonly [key: string]: Tree };

/**
 * YAML of Kubernetes objects. Names come from messages that anybody in the cluster can write, so every string that is
 * not plainly a name is written as a JSON string: it can neither end the here-document around it nor become structure.
 */
export function yamlOf(documents: readonly Tree[]): string {
  return documents.map((document) => `${block(document, '')}\n`).join('---\n');
}

function block(tree: Tree, indent: string): string {
  if (typeof tree === 'string') return scalar(tree);
  if (isList(tree))
    return tree
      .map((item) => `${indent}- ${block(item, `${indent}  `).slice(plainList(item) ? 0 : indent.length + 2)}`)
      .join('\n');
  return Object.entries(tree)
    .map(([key, value]) =>
      typeof value === 'string' || plainList(value)
        ? `${indent}${key}: ${inline(value)}`
        : `${indent}${key}:\n${block(value, isList(value) ? indent : `${indent}  `)}`,
    )
    .join('\n');
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

function plainList(tree: Tree): boolean {
  return typeof tree === 'string' || (isList(tree) && tree.every((item) => typeof item === 'string'));
}

function inline(tree: Tree): string {
  return isList(tree) ? `[${tree.map((item) => block(item, '')).join(', ')}]` : block(tree, '');
}

const name = /^[a-z][a-z0-9-]*(?:[./:][a-z0-9-]+)*$/i;
const words = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function scalar(text: string): string {
  return name.test(text) && !words.test(text) ? text : JSON.stringify(text);
}

const rbac = 'rbac.authorization.k8s.io';

/** A Role, or with an empty namespace a ClusterRole. */
export function roleManifest(namespace: string, roleName: string, rules: readonly Rule[]): Tree {
  return {
    apiVersion: `${rbac}/v1`,
    kind: namespace === '' ? 'ClusterRole' : 'Role',
    metadata: metadata(namespace, roleName),
    rules: rules.map(ruleTree),
  };
}

/** A RoleBinding, or with an empty namespace a ClusterRoleBinding. */
export function bindingManifest(
  namespace: string,
  bindingName: string,
  role: { readonly kind: string; readonly name: string },
  subjects: readonly Subject[],
): Tree {
  return {
    apiVersion: `${rbac}/v1`,
    kind: namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: metadata(namespace, bindingName),
    roleRef: { apiGroup: rbac, kind: role.kind, name: role.name },
    subjects: subjects.map((subject) =>
      subject.kind === 'ServiceAccount'
        ? {
            kind: subject.kind,
            namespace: subject.namespace === '' ? namespace : subject.namespace,
            name: subject.name,
          }
        : { apiGroup: rbac, kind: subject.kind, name: subject.name },
    ),
  };
}

export function accountManifest({ namespace, name: accountName }: AccountName): Tree {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(namespace, accountName) };
}

export function namespaceManifest(namespace: string): Tree {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
}

function metadata(namespace: string, objectName: string): Tree {
  return namespace === '' ? { name: objectName } : { namespace, name: objectName };
}

/** Empty lists are left out: a rule is about resources or about paths. */
function ruleTree(rule: Rule): Tree {
  const order = ['apiGroups', 'resources', 'resourceNames', 'nonResourceURLs', 'verbs'] as const;
  return Object.fromEntries(order.flatMap((field) => (rule[field].length > 0 ? [[field, rule[field]]] : [])));
}
