import { readConditions, type Condition } from './condition.ts';
import { record, text, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';
import { readWebhookClient, type WebhookClient } from './webhook-client.ts';
import { caInjectedFrom } from './webhook-configuration.ts';

/** An API that the API server hands on to a service in the cluster. */
export interface ApiService {
  readonly meta: Meta;
  readonly group: string;
  readonly version: string;
  readonly client: WebhookClient;
  readonly insecureSkipTlsVerify: boolean;
  readonly caInjectedFrom?: string;
  readonly available?: Condition;
}

/** Undefined for an API that the API server answers itself: it has no certificate of its own and nobody to reach. */
export function readApiService(raw: Json): ApiService | undefined {
  const spec = record(raw['spec']);
  const client = readWebhookClient(spec);
  if (client.service === undefined) return undefined;
  const available = readConditions(raw).find((condition) => condition.type === 'Available');
  const injected = caInjectedFrom(raw);
  return {
    meta: readMeta(raw),
    group: text(spec['group']) ?? '',
    version: text(spec['version']) ?? '',
    client,
    insecureSkipTlsVerify: spec['insecureSkipTLSVerify'] === true,
    ...(injected === undefined ? {} : { caInjectedFrom: injected }),
    ...(available === undefined ? {} : { available }),
  };
}
