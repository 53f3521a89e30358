import { selects } from '../../../shared/kube/selector.ts';
import { covers, type Webhook, type WebhookConfiguration } from '../../../shared/kube/webhook-configuration.ts';
import type { Namespace } from '../../../shared/policy/namespace.ts';
import { defaultNamespace } from '../../install/naming.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';

/** A webhook of ours, as the API server is told to call it. */
export interface Enforcer {
  readonly does: 'rewrite' | 'reject';
  readonly configuration: WebhookConfiguration;
  readonly index: number;
  readonly webhook: Webhook;
}

/** Every webhook that carries our label or our name, whoever put it there. */
export function enforcersOf(snapshot: Snapshot): Enforcer[] {
  return [
    ...snapshot.mutatingwebhookconfigurations.items.flatMap((one) => ours('rewrite', one)),
    ...snapshot.validatingwebhookconfigurations.items.flatMap((one) => ours('reject', one)),
  ];
}

function ours(does: Enforcer['does'], configuration: WebhookConfiguration): Enforcer[] {
  const labelled = configuration.meta.labels['app.kubernetes.io/part-of'] === 'kubectl-airgap';
  return configuration.webhooks.flatMap((webhook, index) =>
    labelled || webhook.name.endsWith('.airgap.dev') ? [{ does, configuration, index, webhook }] : [],
  );
}

export function coversPods({ webhook }: Enforcer): boolean {
  return covers(webhook, '', 'pods', 'CREATE');
}

export function selectsNamespace({ webhook }: Enforcer, namespace: Namespace): boolean {
  return selects(webhook.namespaceSelector, namespace.labels);
}

/** CEL conditions that somebody else put there; our own leave out what the policies exempt, and nothing more. */
export function foreignConditions({ matchConditions }: Webhook): Webhook['matchConditions'] {
  return matchConditions.filter(({ name }) => !name.endsWith('.airgap.dev'));
}

/**
 * Whether the installation leaves a namespace out by itself, so that a cluster can always start: kube-system and that of
 * the webhook's own pods. Not where somebody has had it covered.
 */
export function leftOutByDesign(namespace: Namespace, enforcers: readonly Enforcer[], does: Enforcer['does']): boolean {
  const own = enforcers.flatMap(({ webhook }) => webhook.client.service?.namespace ?? []);
  const names = ['kube-system', ...(own.length === 0 ? [defaultNamespace] : own)];
  return (
    names.includes(namespace.name) && !enforcers.some((one) => one.does === does && selectsNamespace(one, namespace))
  );
}

/** The namespaces of the snapshot as policies see them; one that is not there is known by its name. */
export function namespaceFinder(snapshot: Snapshot): (name: string) => Namespace {
  const known = new Map(snapshot.namespaces.items.map(({ meta }) => [meta.name, meta.labels]));
  return (name) => ({ name, labels: { 'kubernetes.io/metadata.name': name, ...known.get(name) } });
}
