import { AirgapError } from '../../errors.ts';
import type { CompiledPolicy, Selector } from '../compile.ts';
import { byRank, coversAll } from '../namespace.ts';

interface Requirement {
  readonly key: string;
  readonly operator: NonNullable<Selector['matchExpressions']>[number]['operator'];
  readonly values?: readonly string[];
}

/** A policy that is in force somewhere, and label selectors that together select its namespaces, none of them twice. */
export interface Scope {
  readonly policy: CompiledPolicy;
  readonly selectors: readonly { readonly matchExpressions: readonly Requirement[] }[];
}

const mostSelectors = 32;

/**
 * Where each policy is in force: the namespaces that it selects and no policy before it does. Exempt namespaces and
 * those that are always left out are not among them. A policy behind one that covers everything is nowhere in force.
 */
export function scopesOf(policies: readonly CompiledPolicy[], leftOut: readonly string[]): Scope[] {
  const ranked = policies.toSorted(byRank);
  const end = ranked.findIndex(coversAll);
  const inForce = end < 0 ? ranked : ranked.slice(0, end + 1);
  return inForce.map((policy, index) => {
    const names = [...new Set([...leftOut, ...policy.exemptions.keys()])].toSorted();
    const own: Requirement[] = [
      ...(names.length === 0
        ? []
        : [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn' as const, values: names }]),
      ...requirementsOf(policy.selector),
    ];
    let branches: Requirement[][] = [own];
    for (const earlier of inForce.slice(0, index)) {
      branches = branches.flatMap((branch) => outside(branch, requirementsOf(earlier.selector)));
      if (branches.length > mostSelectors)
        throw new AirgapError(
          'input',
          `Policy ${policy.name} is in force where ${index} others are not, which takes more than ${mostSelectors} bindings.`,
          'Give the policies simpler namespace selectors, or use the webhook.',
        );
    }
    return { policy, selectors: branches.map((matchExpressions) => ({ matchExpressions })) };
  });
}

function requirementsOf({ matchLabels = {}, matchExpressions = [] }: Selector): Requirement[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] })),
    ...matchExpressions.map(({ key, operator, values = [] }): Requirement =>
      values.length === 0 ? { key, operator } : { key, operator, values },
    ),
  ];
}

/** The part of a branch that a conjunction leaves: its first condition fails, or it holds and the second fails, … */
function outside(branch: readonly Requirement[], conditions: readonly Requirement[]): Requirement[][] {
  return conditions.flatMap((condition, index) => {
    const more = [...conditions.slice(0, index), opposite(condition)];
    const contradicts = more.some((one) => branch.some((other) => same(opposite(one), other)));
    return contradicts ? [] : [[...branch, ...more.filter((one) => !branch.some((other) => same(one, other)))]];
  });
}

const opposites = { In: 'NotIn', NotIn: 'In', Exists: 'DoesNotExist', DoesNotExist: 'Exists' } as const;

/** NotIn and DoesNotExist hold where the label is absent, so that each operator is exactly what its opposite is not. */
function opposite(requirement: Requirement): Requirement {
  return { ...requirement, operator: opposites[requirement.operator] };
}

function same(one: Requirement, other: Requirement): boolean {
  return (
    one.key === other.key && one.operator === other.operator && String(one.values ?? []) === String(other.values ?? [])
  );
}
