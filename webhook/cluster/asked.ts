import { isDeepStrictEqual } from 'node:util';
import { array, record, type Json } from '../../shared/kube/json.ts';
import { objectToJudge } from '../../shared/policy/cel/fast.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Namespace } from '../../shared/policy/namespace.ts';
import { customKinds, type GroupKind } from '../../shared/policy/positions.ts';
import type { Change, Does } from './configurations.ts';
import { exemptNamespaces } from './exempt.ts';
import {
  conditioned,
  foreignConditions,
  inNamespaces,
  notInNamespaces,
  ofKinds,
  somethingToJudge,
  type MatchCondition,
} from './match-conditions.ts';

/** What the API server is to ask about under the policies of the moment, beside what the installed files say. */
export interface Asked {
  /** Namespaces that are not judged. */
  readonly exempt: readonly string[];
  /** False of an object that every policy allows as it is; null where that cannot be said. */
  readonly toJudge: string | null;
  /** Kinds that hold images and that Kubernetes itself does not have. */
  readonly custom: readonly GroupKind[];
}

export function askedUnder(policies: readonly CompiledPolicy[], namespaces: ReadonlyMap<string, Namespace>): Asked {
  return {
    exempt: exemptNamespaces(policies, namespaces),
    toJudge: objectToJudge(policies),
    custom: customKinds(policies.flatMap(({ customResources }) => customResources)),
  };
}

/** The validating webhook of the installed files, which the two others are made from. */
const validate = 'validate.airgap.dev';
const customResources = 'custom-resources.airgap.dev';
const exemptNamespace = 'exempt-namespaces.airgap.dev';

/** The changes to the webhooks of a configuration that make the API server ask about just that. */
export function changesFor(asked: Asked, webhooks: readonly Json[], does: Does): Change[] {
  if (does === 'mutates') return webhooks.flatMap((webhook, index) => conditioned(webhook, index, []));
  const placeOf = (name: string): number => webhooks.findIndex((webhook) => webhook['name'] === name);
  const installed = webhooks[placeOf(validate)];
  if (installed === undefined) return [];
  const made = [
    { place: placeOf(customResources), wanted: forCustomResources(asked, installed) },
    { place: placeOf(exemptNamespace), wanted: forExemptNamespaces(asked, installed) },
  ];
  return [
    ...conditioned(installed, placeOf(validate), [...judged(asked, installed), ...plain(asked)]),
    ...made.flatMap(({ place, wanted }): Change[] => {
      if (wanted === null || isDeepStrictEqual(webhooks[place], wanted)) return [];
      return [
        place < 0
          ? { op: 'add', path: '/webhooks/-', value: wanted }
          : { op: 'replace', path: `/webhooks/${place}`, value: wanted },
      ];
    }),
    // Each removal moves what stands behind it.
    ...made
      .flatMap(({ place, wanted }) => (wanted === null && place >= 0 ? [place] : []))
      .toSorted((a, b) => b - a)
      .map((place): Change => ({ op: 'remove', path: `/webhooks/${place}` })),
  ];
}

/** Of exempt namespaces what fails closed is not asked, so that they work while no replica does. */
function judged({ exempt }: Asked, { failurePolicy }: Json): MatchCondition[] {
  return exempt.length === 0 || failurePolicy === 'Ignore' ? [] : [notInNamespaces(exempt)];
}

function plain({ toJudge }: Asked): MatchCondition[] {
  return toJudge === null ? [] : [somethingToJudge(toJudge)];
}

/** A condition tells the kinds apart, so that their plural names need not be known. */
function forCustomResources(asked: Asked, installed: Json): Json | null {
  if (asked.custom.length === 0) return null;
  const rule = {
    apiGroups: [...new Set(asked.custom.map(({ group }) => group))],
    apiVersions: ['*'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['*'],
    scope: 'Namespaced',
  };
  const matchConditions = [...foreignConditions(installed), ofKinds(asked.custom), ...judged(asked, installed)];
  return { ...installed, name: customResources, rules: [rule], matchConditions };
}

/** Fails open: it only warns the users of exempt namespaces of what would be rejected elsewhere. Pods are `mutate`'s. */
function forExemptNamespaces(asked: Asked, installed: Json): Json | null {
  if (asked.exempt.length === 0 || installed['failurePolicy'] === 'Ignore') return null;
  const rules = array(installed['rules']).filter((rule) => !array(record(rule)['resources']).includes('pods'));
  const matchConditions = [...foreignConditions(installed), inNamespaces(asked.exempt), ...plain(asked)];
  return { ...installed, name: exemptNamespace, failurePolicy: 'Ignore', rules, matchConditions };
}
