import type { Json } from '../../../shared/kube/json.ts';

/** Short spellings of RBAC objects for tests: `ns/name`, or `name` alone for what belongs to the cluster. */
function metadata(path: string, labels: Record<string, string> = {}): Json {
  const slash = path.indexOf('/');
  return slash < 0 ? { name: path, labels } : { namespace: path.slice(0, slash), name: path.slice(slash + 1), labels };
}

const list = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(','));

/** `get,list pods`, `get deployments.apps`, `get secrets#db,tls`, `get /metrics`, `* *.*`. */
export function rule(text: string): Json {
  const [verbs, what = ''] = text.split(' ');
  if (what.startsWith('/') || what === '*') return { verbs: list(verbs), nonResourceURLs: list(what) };
  const [grouped = '', names] = what.split('#');
  const resources = list(grouped);
  const group = resources[0]?.split('/')[0]?.split('.').slice(1).join('.') ?? '';
  return {
    verbs: list(verbs),
    apiGroups: [group],
    resources: resources.map((resource) => resource.replace(`.${group}`, '')),
    ...(names === undefined ? {} : { resourceNames: list(names) }),
  };
}

export function role(path: string, rules: readonly string[], labels?: Record<string, string>): Json {
  return { metadata: metadata(path, labels), rules: rules.map(rule) };
}

/** Subjects: `sa ns/name`, `sa name`, `user jane`, `group dev`. */
export function binding(
  path: string,
  roleRef: string,
  subjects: readonly string[],
  labels?: Record<string, string>,
): Json {
  const [kind, name] = roleRef.split(' ');
  return {
    metadata: metadata(path, labels),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: subjects.map((subject) => {
      const [short = '', who = ''] = subject.split(' ');
      const kinds: Record<string, string> = { sa: 'ServiceAccount', user: 'User', group: 'Group' };
      return { kind: kinds[short], ...(short === 'sa' ? metadata(who) : { name: who }) };
    }),
  };
}

export function account(path: string): Json {
  return { metadata: metadata(path) };
}
