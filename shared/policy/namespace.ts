import type { CompiledPolicy, Selector } from './compile.ts';

/** A namespace as policies see it. */
export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const nameLabel = 'kubernetes.io/metadata.name';

/** A namespace of which only the name is known: it has the one label that every namespace has. */
export function namespaceNamed(name: string): Namespace {
  return { name, labels: { [nameLabel]: name } };
}

/**
 * The policy for a namespace; null where none selects it. Policies that select by labels go before those that cover
 * everything; among equals the oldest applies, then the first by name. Everything that decides by a policy asks here.
 */
export function policyFor(policies: readonly CompiledPolicy[], namespace: Namespace): CompiledPolicy | null {
  const [only, ...more] = policies;
  if (only !== undefined && more.length === 0) return selects(only.selector, namespace.labels) ? only : null;
  return candidates(policies, namespace)[0] ?? null;
}

/** A policy that is not in force in a namespace because another of the same rank is. */
export interface Conflict {
  readonly policy: CompiledPolicy;
  readonly inForce: CompiledPolicy;
  /** Null where both cover everything, so that the later one is never in force. */
  readonly namespace: string | null;
}

/** Every policy that loses against one of its own rank, once for each namespace. */
export function conflicts(policies: readonly CompiledPolicy[], namespaces: readonly Namespace[]): Conflict[] {
  const [first, ...later] = policies.filter(coversAll).sort(byAge);
  const everywhere = first === undefined ? [] : later.map((policy) => ({ policy, inForce: first, namespace: null }));
  const selected = namespaces.flatMap((namespace) => {
    const [inForce, ...rest] = candidates(
      policies.filter((policy) => !coversAll(policy)),
      namespace,
    );
    return inForce === undefined ? [] : rest.map((policy) => ({ policy, inForce, namespace: namespace.name }));
  });
  return [...everywhere, ...selected];
}

function candidates(policies: readonly CompiledPolicy[], namespace: Namespace): CompiledPolicy[] {
  return policies.filter(({ selector }) => selects(selector, namespace.labels)).sort(byRank);
}

/** The order in which policies apply: those that select by labels first, then by age. */
export function byRank(a: CompiledPolicy, b: CompiledPolicy): number {
  return Number(coversAll(a)) - Number(coversAll(b)) || byAge(a, b);
}

export function coversAll({ selector }: CompiledPolicy): boolean {
  return Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
}

/** Whether it takes the labels of a namespace to say if a policy covers it; every namespace has its name as a label. */
export function selectsByLabels({ selector: { matchLabels = {}, matchExpressions = [] } }: CompiledPolicy): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].some((key) => key !== nameLabel);
}

function byAge(a: CompiledPolicy, b: CompiledPolicy): number {
  return compareText(a.createdAt, b.createdAt) || compareText(a.name, b.name);
}

/** By code unit, so that the order is the same wherever it is made. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

type Comparison = (value: string | undefined, values: readonly string[]) => boolean;

const comparisons: Readonly<Record<NonNullable<Selector['matchExpressions']>[number]['operator'], Comparison>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

/** A label selector, as the API server reads it: NotIn and DoesNotExist hold where the label is absent. */
function selects(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  const label = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => label(key) === value) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) =>
      comparisons[operator](label(key), values),
    )
  );
}
