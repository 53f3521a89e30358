import { record, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';
import { readWebhookClient, type WebhookClient } from './webhook-client.ts';
import { caInjectedFrom } from './webhook-configuration.ts';

/** A CustomResourceDefinition whose objects a webhook converts between versions; its schemas are not kept. */
export interface ConvertedCrd {
  readonly meta: Meta;
  readonly client: WebhookClient;
  readonly caInjectedFrom?: string;
}

/** Undefined for a definition that converts nothing through a webhook. */
export function readConvertedCrd(raw: Json): ConvertedCrd | undefined {
  const conversion = record(record(raw['spec'])['conversion']);
  if (conversion['strategy'] !== 'Webhook') return undefined;
  const injected = caInjectedFrom(raw);
  return {
    meta: readMeta(raw),
    // v1beta1 put the client's configuration one level higher.
    client: readWebhookClient(record(conversion['webhook'])['clientConfig'] ?? conversion['webhookClientConfig']),
    ...(injected === undefined ? {} : { caInjectedFrom: injected }),
  };
}
