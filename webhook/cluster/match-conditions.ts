import { isDeepStrictEqual } from 'node:util';
import { array, record, type Json } from '../../shared/kube/json.ts';
import { celList } from '../../shared/policy/cel/literal.ts';
import type { GroupKind } from '../../shared/policy/positions.ts';
import type { Change } from './configurations.ts';

/** A condition of a webhook, in CEL: the API server asks about a request only where all of them hold. */
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

/** Conditions with these names are the webhook's own; a site may have others beside them. */
const names = {
  exempt: 'exempt.airgap.dev',
  notExempt: 'not-exempt.airgap.dev',
  toJudge: 'something-to-judge.airgap.dev',
  holdsImages: 'holds-images.airgap.dev',
} as const;
const own = new Set<unknown>(Object.values(names));

export const inNamespaces = (exempt: readonly string[]): MatchCondition => ({
  name: names.exempt,
  expression: `request.namespace in ${celList(exempt)}`,
});

export const notInNamespaces = (exempt: readonly string[]): MatchCondition => ({
  name: names.notExempt,
  expression: `!(request.namespace in ${celList(exempt)})`,
});

export const somethingToJudge = (expression: string): MatchCondition => ({ name: names.toJudge, expression });

export const ofKinds = (kinds: readonly GroupKind[]): MatchCondition => ({
  name: names.holdsImages,
  expression: `request.kind.group + '/' + request.kind.kind in ${celList(kinds.map(({ group, kind }) => `${group}/${kind}`))}`,
});

/** The conditions of a webhook that are not ours. */
export function foreignConditions(webhook: Json): Json[] {
  return array(webhook['matchConditions']).map(record).filter(isForeign);
}

/** What makes `wanted` our conditions of the webhook at `index`, and leaves the others as they are. */
export function conditioned(webhook: Json, index: number, wanted: readonly MatchCondition[]): Change[] {
  const before = array(webhook['matchConditions']).map(record);
  const ours = before.filter((one) => !isForeign(one));
  if (isDeepStrictEqual(ours, wanted)) return [];
  const path = `/webhooks/${index}/matchConditions`;
  if (before.length === 0) return [{ op: 'add', path, value: wanted }];
  const gone = before.flatMap((one, at): Change[] => (isForeign(one) ? [] : [{ op: 'remove', path: `${path}/${at}` }]));
  return [...gone.toReversed(), ...wanted.map((value): Change => ({ op: 'add', path: `${path}/-`, value }))];
}

function isForeign({ name }: Json): boolean {
  return !own.has(name);
}
