import type { CelObject } from '../../../shared/policy/cel/cel-object.ts';
import { selects, type Selector } from '../../../shared/kube/selector.ts';
import { covers, ofPods, type Webhook, type WebhookConfiguration } from '../../../shared/kube/webhook-configuration.ts';
import type { Namespace } from '../../../shared/policy/namespace.ts';
import type { KindName, Snapshot } from '../../cluster/snapshot.ts';
import { defaultNamespace } from '../../install/naming.ts';

/** What rewrites or rejects for us when a pod is created: a webhook, or the API server by a policy in CEL. */
export interface Enforcer {
  readonly does: 'rewrite' | 'reject';
  /** As a sentence names it: `the webhook mutate.airgap.dev`. */
  readonly title: string;
  /** The object that says so, and when it was created (RFC 3339; empty where it is not told). */
  readonly object: { readonly kind: string; readonly name: string };
  readonly created: string;
  /** The only AirgapPolicy that it enforces; null for a webhook, which reads them all. */
  readonly policy: string | null;
  readonly coversPods: boolean;
  /** Any of them is enough. */
  readonly namespaceSelectors: readonly Selector[];
  readonly objectSelector: Selector;
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** CEL conditions that somebody else put there; our own leave out what the policies exempt, and nothing more. */
  readonly conditions: Webhook['matchConditions'];
  /** Null where nothing is called. */
  readonly called: {
    readonly configuration: WebhookConfiguration;
    readonly index: number;
    readonly webhook: Webhook;
  } | null;
}

/** Kinds without which it is not known what enforces; the second half is not served by older API servers. */
export const webhookKinds = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'] as const;
export const celKinds = [
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
] as const;

/** Why it cannot be said what enforces; null where everything could be looked at. */
export function unseenEnforcers(snapshot: Snapshot): string | null {
  const webhooks = webhookKinds.flatMap((kind) => snapshot[kind].gap?.reason ?? []);
  return [...webhooks, unseenCel(snapshot) ?? []].flat().join('; ') || null;
}

/** The same of the objects in CEL. */
export function unseenCel(snapshot: Snapshot): string | null {
  const blind = celKinds.filter((kind) => isBlind(snapshot, kind));
  return blind.flatMap((kind) => snapshot[kind].gap?.reason ?? []).join('; ') || null;
}

function isBlind(snapshot: Snapshot, kind: KindName): boolean {
  const why = snapshot[kind].gap?.why;
  return why === 'forbidden' || why === 'failed';
}

/** Everything that carries our label or our name, whoever put it there. */
export function enforcersOf(snapshot: Snapshot): Enforcer[] {
  return [
    ...snapshot.mutatingwebhookconfigurations.items.flatMap((one) => called('rewrite', one)),
    ...snapshot.validatingwebhookconfigurations.items.flatMap((one) => called('reject', one)),
    ...snapshot.mutatingadmissionpolicies.items.flatMap((one) =>
      evaluated('rewrite', one, snapshot.mutatingadmissionpolicybindings.items),
    ),
    ...snapshot.validatingadmissionpolicies.items.flatMap((one) =>
      evaluated('reject', one, snapshot.validatingadmissionpolicybindings.items),
    ),
  ];
}

function called(does: Enforcer['does'], configuration: WebhookConfiguration): Enforcer[] {
  const { kind, meta } = configuration;
  const labelled = meta.labels['app.kubernetes.io/part-of'] === 'kubectl-airgap';
  return configuration.webhooks.flatMap((webhook, index) =>
    labelled || isOurs(webhook)
      ? [
          {
            does,
            title: `the webhook ${webhook.name}`,
            object: { kind, name: meta.name },
            created: meta.creationTimestamp ?? '',
            policy: null,
            coversPods: covers(webhook, ofPods, 'CREATE'),
            namespaceSelectors: [webhook.namespaceSelector],
            objectSelector: webhook.objectSelector,
            failurePolicy: webhook.failurePolicy,
            conditions: webhook.matchConditions.filter((condition) => !isOurs(condition)),
            called: { configuration, index, webhook },
          },
        ]
      : [],
  );
}

function isOurs({ name }: { readonly name: string }): boolean {
  return name.endsWith('.airgap.dev');
}

const everything: Selector = { labels: {}, expressions: [] };

/** Only the part that looks at pods: what looks at their templates neither rewrites nor keeps a pod out. */
function evaluated(does: Enforcer['does'], policy: CelObject, bindings: readonly CelObject[]): Enforcer[] {
  const { kind, meta, failurePolicy } = policy;
  const [, name, part] = /^(.*)\.(rewrite|pods|templates)\.airgap\.dev$/.exec(meta.name) ?? [];
  const own = bindings.filter(({ policyName }) => policyName === meta.name);
  if (name === undefined || part === 'templates' || own.length === 0) return [];
  return [
    {
      does,
      title: `the ${kind} ${meta.name}`,
      object: { kind, name: meta.name },
      created: meta.creationTimestamp ?? '',
      policy: name,
      coversPods: true,
      namespaceSelectors: own.map(({ namespaceSelector }) => namespaceSelector),
      objectSelector: everything,
      failurePolicy,
      conditions: [],
      called: null,
    },
  ];
}

/** Those that act for a policy. */
export function actingFor(policy: { readonly name: string }, enforcers: readonly Enforcer[]): Enforcer[] {
  return enforcers.filter((one) => one.policy === null || one.policy === policy.name);
}

export function selectsNamespace({ namespaceSelectors }: Enforcer, namespace: Namespace): boolean {
  return namespaceSelectors.some((selector) => selects(selector, namespace.labels));
}

/**
 * Whether the installation leaves a namespace out by itself, so that a cluster can always start: kube-system and that of
 * the webhook's own pods. Not where somebody has had it covered.
 */
export function leftOutByDesign(namespace: Namespace, enforcers: readonly Enforcer[], does: Enforcer['does']): boolean {
  const own = enforcers.flatMap(({ called }) => called?.webhook.client.service?.namespace ?? []);
  const names = ['kube-system', ...(own.length === 0 ? [defaultNamespace] : own)];
  const covered = enforcers.some((one) => one.does === does && one.coversPods && selectsNamespace(one, namespace));
  return names.includes(namespace.name) && !covered;
}

/** The namespaces of the snapshot as policies see them; one that is not there is known by its name. */
export function namespaceFinder(snapshot: Snapshot): (name: string) => Namespace {
  const known = new Map(snapshot.namespaces.items.map(({ meta }) => [meta.name, meta.labels]));
  return (name) => ({ name, labels: { 'kubernetes.io/metadata.name': name, ...known.get(name) } });
}
