import { isDeepStrictEqual } from 'node:util';
import { array, record, type Json } from '../../shared/kube/json.ts';
import { objectToJudge } from '../../shared/policy/cel/fast.ts';
import { celList } from '../../shared/policy/cel/literal.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Namespace } from '../../shared/policy/namespace.ts';
import { customKinds, type GroupKind } from '../../shared/policy/positions.ts';
import type { Change, Does } from './configurations.ts';
import { exemptNamespaces } from './exempt.ts';

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

interface Condition {
  readonly name: string;
  readonly expression: string;
}

/** Match conditions with these names are the webhook's own; a site may have others beside them. */
const notExempt = 'not-exempt.airgap.dev';
const somethingToJudge = 'something-to-judge.airgap.dev';
const holdsImages = 'holds-images.airgap.dev';
const own = new Set([notExempt, somethingToJudge, holdsImages]);

const validate = 'validate.airgap.dev';
/** The webhook that this keeps whole, so that kinds need not be known when it is installed. */
const customResources = 'custom-resources.airgap.dev';

/** The changes to the webhooks of a configuration that make the API server ask about just that. */
export function changesFor(asked: Asked, webhooks: readonly Json[], does: Does): Change[] {
  if (does === 'mutates') return webhooks.flatMap((webhook, index) => conditioned(webhook, index, []));
  const pods = webhooks.find(({ name }) => name === validate);
  const judged = webhooks.flatMap((webhook, index) =>
    webhook['name'] === customResources
      ? []
      : conditioned(webhook, index, [
          ...exempted(asked, webhook),
          ...(webhook['name'] === validate && asked.toJudge !== null
            ? [{ name: somethingToJudge, expression: asked.toJudge }]
            : []),
        ]),
  );
  return pods === undefined ? judged : [...judged, ...customChanges(asked, webhooks, pods)];
}

/**
 * Where no answer would mean a refusal, exempt namespaces work while no replica does. What fails open is still asked
 * about them, for it warns their users.
 */
function exempted({ exempt }: Asked, webhook: Json): Condition[] {
  if (exempt.length === 0 || webhook['failurePolicy'] === 'Ignore') return [];
  return [{ name: notExempt, expression: `!(request.namespace in ${celList(exempt)})` }];
}

function conditioned(webhook: Json, index: number, wanted: readonly Condition[]): Change[] {
  const before = array(webhook['matchConditions']).map(record);
  const after = [...before.filter(isForeign), ...wanted];
  const path = `/webhooks/${index}/matchConditions`;
  if (
    isDeepStrictEqual(
      before.filter((one) => !isForeign(one)),
      wanted,
    )
  )
    return [];
  if (before.length === 0) return [{ op: 'add', path, value: after }];
  const gone = before.flatMap((one, at): Change[] => (isForeign(one) ? [] : [{ op: 'remove', path: `${path}/${at}` }]));
  return [...gone.toReversed(), ...wanted.map((value): Change => ({ op: 'add', path: `${path}/-`, value }))];
}

function isForeign({ name }: Json): boolean {
  return !own.has(String(name));
}

/** As the webhook for pods, but for other kinds: a condition tells which, so that their plural names need not be known. */
function customChanges(asked: Asked, webhooks: readonly Json[], pods: Json): Change[] {
  const index = webhooks.findIndex(({ name }) => name === customResources);
  if (asked.custom.length === 0) return index < 0 ? [] : [{ op: 'remove', path: `/webhooks/${index}` }];
  const foreign = array(pods['matchConditions']).map(record).filter(isForeign);
  const kinds = asked.custom.map(({ group, kind }) => `${group}/${kind}`);
  const wanted = {
    ...pods,
    name: customResources,
    rules: [
      {
        apiGroups: [...new Set(asked.custom.map(({ group }) => group))],
        apiVersions: ['*'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['*'],
        scope: 'Namespaced',
      },
    ],
    matchConditions: [
      ...foreign,
      { name: holdsImages, expression: `request.kind.group + '/' + request.kind.kind in ${celList(kinds)}` },
      ...exempted(asked, pods),
    ],
  };
  if (index < 0) return [{ op: 'add', path: '/webhooks/-', value: wanted }];
  return isDeepStrictEqual(webhooks[index], wanted)
    ? []
    : [{ op: 'replace', path: `/webhooks/${index}`, value: wanted }];
}
