import { selects } from '../../../shared/kube/selector.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { policyFor, type Namespace } from '../../../shared/policy/namespace.ts';
import { soundPolicies } from '../../../shared/policy/policy-object.ts';
import { everyOtherNamespace } from '../../install/admission-objects.ts';
import { defaultNamespace } from '../../install/naming.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import {
  actingFor,
  celKinds,
  enforcersOf,
  leftOutByDesign,
  namespaceFinder,
  selectsNamespace,
  webhookKinds,
  type Enforcer,
} from '../admission/enforcers.ts';
import { narrowed } from '../admission/narrowed.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';

export const namespacesCovered: Check = {
  id: 'AG-ADM-004',
  category: 'admission',
  title: 'every namespace that runs pods is covered by a policy and its webhooks, or exempt with a reason',
  explanation:
    'For each namespace: which policy applies, and would the API server ask the webhooks about it? Told are namespaces that a webhook’s own selector leaves out although the policy covers them (somebody changed it, or the namespace carries a label that opts out), and namespaces with pods that no policy selects. So is a webhook of ours whose objectSelector leaves out pods by their own labels, which who writes a pod may choose, or whose rules have lost updates or kubectl debug. Exemptions, and what the installation leaves out so that the cluster can always start, are only mentioned.',
  needs: ['airgappolicies', ...webhookKinds, 'namespaces'],
  wants: ['pods', 'services', ...celKinds],
  run: (snapshot, { policyFile }) => {
    const uncovered = fates(snapshot);
    const open = uncovered.flatMap((one) => (one.fate === 'unselected' && one.runs ? [one.namespace] : []));
    const leftOut = uncovered.flatMap((one) => (one.fate === 'left-out' ? [one] : []));
    const byPlace = Map.groupBy(leftOut, ({ enforcer, label }) =>
      JSON.stringify([enforcer.object, enforcer.called.index, label]),
    );
    return [
      ...(open.length === 0 ? [] : [found(open, 'no policy selects them, and pods run there', {})]),
      ...[...byPlace.values()].map((places) => told(places, policyFile)),
      ...narrowed(snapshot),
    ];
  },
  unseen: (snapshot) => {
    const uncovered = fates(snapshot);
    const sentences = [
      ...uncovered.flatMap((one) => (one.fate === 'exempt' ? [`${one.namespace.name} is exempt (${one.reason})`] : [])),
      ...uncovered.flatMap((one) =>
        one.fate === 'by-design' ? [`${one.namespace.name} is left out by the installation`] : [],
      ),
      ...uncovered.flatMap((one) =>
        one.fate === 'unselected' && !one.runs ? [`no policy selects ${one.namespace.name}`] : [],
      ),
    ];
    const more = sentences.length > shown ? [`and ${sentences.length - shown} more`] : [];
    return sentences.length === 0
      ? null
      : { decisive: false, reason: [...sentences.slice(0, shown), ...more].join('; ') };
  },
};

const shown = 8;

type Called = Enforcer & { readonly called: NonNullable<Enforcer['called']> };

interface LeftOut {
  readonly fate: 'left-out';
  readonly namespace: Namespace;
  readonly policy: CompiledPolicy;
  readonly enforcer: Called;
  /** A label of the namespace without which it would be covered; empty where there is none. */
  readonly label: string;
}

type Fate =
  | { readonly fate: 'unselected'; readonly namespace: Namespace; readonly runs: boolean }
  | { readonly fate: 'exempt'; readonly namespace: Namespace; readonly reason: string }
  | { readonly fate: 'by-design'; readonly namespace: Namespace }
  | LeftOut;

/** What becomes of each namespace that is not wholly covered. */
function fates(snapshot: Snapshot): Fate[] {
  const enforcers = enforcersOf(snapshot).filter(({ coversPods }) => coversPods);
  const policies = soundPolicies(snapshot.airgappolicies.items);
  if (policies.length === 0) return [];
  const find = namespaceFinder(snapshot);
  const running = new Set(snapshot.pods.items.map(({ meta }) => meta.namespace));
  return snapshot.namespaces.items.flatMap(({ meta }): Fate[] => {
    const namespace = find(meta.name);
    const policy = policyFor(policies, namespace);
    if (policy === null)
      return leftOutByDesign(namespace, enforcers, 'rewrite')
        ? [{ fate: 'by-design', namespace }]
        : [{ fate: 'unselected', namespace, runs: running.has(meta.name) }];
    const reason = policy.exemptions.get(meta.name);
    if (reason !== undefined) return [{ fate: 'exempt', namespace, reason }];
    const missing = (['rewrite', 'reject'] as const).flatMap((does) =>
      leftOutBy(actingFor(policy, enforcers), does, namespace),
    );
    const [first] = missing;
    if (first !== undefined && leftOutByDesign(namespace, enforcers, first.does))
      return [{ fate: 'by-design', namespace }];
    return missing.map((enforcer) => ({
      fate: 'left-out',
      namespace,
      policy,
      enforcer,
      label: optOut(enforcer, namespace) ?? '',
    }));
  });
}

/** The webhook to change; none where something covers the namespace, or where there is none. CEL objects are compared whole. */
function leftOutBy(enforcers: readonly Enforcer[], does: Enforcer['does'], namespace: Namespace): Called[] {
  const able = enforcers.filter((one) => one.does === does);
  if (able.some((one) => selectsNamespace(one, namespace))) return [];
  return able.filter((one): one is Called => one.called !== null).slice(0, 1);
}

function optOut({ called: { webhook } }: Called, { labels }: Namespace): string | undefined {
  return Object.keys(labels).find((key) => {
    const { [key]: _, ...others } = labels;
    return key !== 'kubernetes.io/metadata.name' && selects(webhook.namespaceSelector, others);
  });
}

function told(places: readonly LeftOut[], policyFile: string | undefined): Finding {
  const [{ enforcer, policy, label }] = places as readonly [LeftOut, ...LeftOut[]];
  const namespaces = places.map(({ namespace }) => namespace);
  const { configuration, index, webhook } = enforcer.called;
  const selector = everyOtherNamespace(webhook.client.service?.namespace ?? defaultNamespace);
  const listed = policy.exemptions.size > 0;
  const exemption = { namespaces: namespaces.map(({ name }) => name), reason: 'WHY' };
  const what = enforcer.does === 'rewrite' ? 'nothing is rewritten there' : 'nothing is turned away there';
  return found(
    namespaces,
    `the policy ${policy.name} covers them, but the namespaceSelector of the webhook ${webhook.name} leaves them out: ${what}`,
    {
      policy: policy.name,
      resource: configuration.kind.toLowerCase(),
      object: configuration.meta.name,
      restore: JSON.stringify([{ op: 'replace', path: `/webhooks/${index}/namespaceSelector`, value: selector }]),
      exemption: JSON.stringify([
        {
          op: 'add',
          path: listed ? '/spec/exemptions/-' : '/spec/exemptions',
          value: listed ? exemption : [exemption],
        },
      ]),
      ...(label === '' ? {} : { label }),
      ...(policyFile === undefined ? {} : { file: policyFile, names: exemption.namespaces.join(', ') }),
    },
  );
}

function found(namespaces: readonly Namespace[], reason: string, facts: Facts): Finding {
  const names = namespaces.map(({ name }) => name);
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return {
    cause: 'namespace-not-covered',
    confidence: 'certain',
    facts: { namespaces: names.slice(0, shown).join(', ') + more, reason, ...facts },
    evidence: [],
    objects: names.map((name) => ({ kind: 'Namespace', name })),
  };
}
