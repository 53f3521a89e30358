import { serverName, type WebhookClient } from '../../../shared/kube/webhook-client.ts';
import type { Webhook, WebhookConfiguration } from '../../../shared/kube/webhook-configuration.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { ClientPlace } from '../certs/client-remedy.ts';
import type { Facts, ObjectRef } from '../finding.ts';

/** Webhooks of one configuration that are called at the same place with the same trust: one fault befalls them all. */
export interface WebhookGroup {
  readonly configuration: WebhookConfiguration;
  readonly webhooks: readonly { readonly index: number; readonly webhook: Webhook }[];
  readonly client: WebhookClient;
  /** Fail where any of them is fail-closed. */
  readonly policy: 'Fail' | 'Ignore';
}

export function webhookGroups(snapshot: Snapshot): WebhookGroup[] {
  const configurations = [
    ...snapshot.mutatingwebhookconfigurations.items,
    ...snapshot.validatingwebhookconfigurations.items,
  ];
  return configurations.flatMap((configuration) => {
    // Without rules it is never called; some that are switched off are left like that.
    const indexed = configuration.webhooks
      .map((webhook, index) => ({ index, webhook }))
      .filter(({ webhook }) => webhook.rules.length > 0);
    return [...Map.groupBy(indexed, ({ webhook }) => placeOf(webhook.client)).values()].flatMap((webhooks) => {
      const [first] = webhooks;
      if (first === undefined) return [];
      const closed = webhooks.some(({ webhook }) => webhook.failurePolicy === 'Fail');
      return [{ configuration, webhooks, client: first.webhook.client, policy: closed ? 'Fail' : 'Ignore' }];
    });
  });
}

/** What the texts of the `webhook-…` causes may name. */
export function webhookFacts(group: WebhookGroup): Facts {
  const { configuration, webhooks, client } = group;
  const [first, ...others] = webhooks.map(({ webhook }) => webhook.name);
  const object = configuration.meta.name;
  return {
    webhook: others.length === 0 ? (first ?? object) : `${first} and ${others.length} more of ${object}`,
    ...clientFacts(client),
    policy: group.policy,
    ...whereOf(group),
    caWhere: `the caBundle of ${configuration.kind} ${object}`,
  };
}

/** Where a CA bundle is to be put that all webhooks of the group are called with. */
export function webhookPlace(group: WebhookGroup): ClientPlace {
  const { caInjectedFrom } = group.configuration;
  return { ...whereOf(group), ...(caInjectedFrom === undefined ? {} : { injectedFrom: caInjectedFrom }) };
}

function whereOf({ configuration, webhooks }: WebhookGroup): ClientPlace {
  return {
    resource: configuration.kind.toLowerCase(),
    object: configuration.meta.name,
    patchPath: webhooks.map(({ index }) => `/webhooks/${index}/clientConfig/caBundle`).join(' '),
  };
}

export function clientFacts(client: WebhookClient): Facts {
  const { service, url } = client;
  if (service === undefined) return { server: serverName(client) ?? url ?? 'no address' };
  return {
    server: `${service.name}.${service.namespace}.svc`,
    serviceNamespace: service.namespace,
    service: service.name,
    port: String(service.port),
  };
}

export function webhookObjects(group: WebhookGroup): ObjectRef[] {
  return [{ kind: group.configuration.kind, name: group.configuration.meta.name }];
}

function placeOf({ service, url, caBundle }: WebhookClient): string {
  return JSON.stringify([service, url, caBundle?.certificates.map((one) => one.fingerprint), caBundle?.problems]);
}
