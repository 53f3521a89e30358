import { array, record, text, textMap, texts, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';
import { readSelector, type Selector } from './selector.ts';

/** A PolicyRule: the product of its lists. It is about resources or about paths, never both. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** A Role or, with an empty namespace, a ClusterRole. */
export interface Role {
  readonly meta: Meta;
  readonly rules: readonly Rule[];
  /** A ClusterRole whose rules the controller manager copies from the roles that any of these selectors matches. */
  readonly aggregates?: readonly Selector[];
  /** The Helm release that installed it; empty where none did. */
  readonly release: string;
}

export interface Subject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A RoleBinding or, with an empty namespace, a ClusterRoleBinding. */
export interface Binding {
  readonly meta: Meta;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly Subject[];
}

export function readRole(raw: Json): Role {
  const aggregation = raw['aggregationRule'];
  return {
    meta: readMeta(raw),
    rules: array(raw['rules']).map(readRule),
    ...(typeof aggregation === 'object' && aggregation !== null
      ? { aggregates: array(record(aggregation)['clusterRoleSelectors']).map(readSelector) }
      : {}),
    release: readRelease(raw),
  };
}

function readRule(value: unknown): Rule {
  const rule = record(value);
  return {
    verbs: texts(rule['verbs']),
    apiGroups: texts(rule['apiGroups']),
    resources: texts(rule['resources']),
    resourceNames: texts(rule['resourceNames']),
    nonResourceURLs: texts(rule['nonResourceURLs']),
  };
}

export function readBinding(raw: Json): Binding {
  const role = record(raw['roleRef']);
  return {
    meta: readMeta(raw),
    role: { kind: text(role['kind']) ?? '', name: text(role['name']) ?? '' },
    subjects: array(raw['subjects'])
      .map(record)
      .map((subject) => ({
        kind: text(subject['kind']) ?? '',
        namespace: text(subject['namespace']) ?? '',
        name: text(subject['name']) ?? '',
      })),
  };
}

/** What tells which installation an object belongs to: Helm's own annotation. */
export function readRelease(raw: Json): string {
  const annotations = textMap(record(raw['metadata'])['annotations']);
  return annotations['meta.helm.sh/release-name'] ?? '';
}
