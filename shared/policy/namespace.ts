import type { CompiledPolicy, Mode, Selector } from './compile.ts';

const nameLabel = 'kubernetes.io/metadata.name';

/** A namespace as policies see it. */
export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A namespace with its labels and the one that every namespace has. */
export function namespaceWith(name: string, labels: Readonly<Record<string, string>>): Namespace {
  return { name, labels: { ...labels, [nameLabel]: name } };
}

/** A namespace of which only the name is known: it has the one label that every namespace has. */
export function namespaceNamed(name: string): Namespace {
  return namespaceWith(name, {});
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

/** The policy for a namespace, and whether labels that are not known could make it another. */
export interface Chosen {
  readonly policy: CompiledPolicy | null;
  readonly certain: boolean;
}

const modes: readonly Mode[] = ['Audit', 'Warn', 'Rewrite', 'Enforce'];

/**
 * The policy for a namespace of which only the name is known. Where its labels would decide, it is the strictest of those
 * that may apply: what is not known is never taken for good.
 */
function policyForName(policies: readonly CompiledPolicy[], name: string): Chosen {
  const ranked = policies
    .map((policy) => ({ policy, selected: selectsByName(policy, name) }))
    .filter(({ selected }) => selected !== 'no')
    .sort((a, b) => byRank(a.policy, b.policy));
  const sure = ranked.findIndex(({ selected }) => selected === 'yes');
  const possible = (sure < 0 ? ranked : ranked.slice(0, sure + 1)).map(({ policy }) => policy);
  const strictness = ({ mode }: CompiledPolicy): number => modes.indexOf(mode);
  // Among the equally strict the sure one, which is the last.
  const [policy = null] = (sure < 0 ? possible : possible.toReversed()).toSorted(
    (a, b) => strictness(b) - strictness(a),
  );
  return { policy, certain: possible.length === 0 || sure === 0 };
}

/** The policy for each namespace by its name, where the labels of some are known. */
export function chosenFor(policies: readonly CompiledPolicy[], known: readonly Namespace[]): (name: string) => Chosen {
  const byName = new Map(known.map((namespace) => [namespace.name, namespace]));
  return (name) => {
    const namespace = byName.get(name);
    return namespace === undefined
      ? policyForName(policies, name)
      : { policy: policyFor(policies, namespace), certain: true };
  };
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

/** Whether a policy selects by more than the names of namespaces. */
export function selectsByLabels({ selector: { matchLabels = {}, matchExpressions = [] } }: CompiledPolicy): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].some((key) => key !== nameLabel);
}

function selectsByName(policy: CompiledPolicy, name: string): 'yes' | 'no' | 'maybe' {
  const { matchLabels = {}, matchExpressions = [] } = policy.selector;
  const byName: Selector = {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).filter(([key]) => key === nameLabel)),
    matchExpressions: matchExpressions.filter(({ key }) => key === nameLabel),
  };
  if (!selects(byName, namespaceNamed(name).labels)) return 'no';
  return selectsByLabels(policy) ? 'maybe' : 'yes';
}

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
