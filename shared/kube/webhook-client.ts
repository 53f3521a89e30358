import { readBundle, type Bundle } from '../cert/bundle.ts';
import { number, record, text } from './json.ts';

/** Where the API server calls out to, and whom it trusts there: webhooks, aggregated APIs and conversions alike. */
export interface WebhookClient {
  readonly service?: { readonly namespace: string; readonly name: string; readonly port: number };
  readonly url?: string;
  /** Null where none is given: then the API server trusts what its own machine trusts. */
  readonly caBundle: Bundle | null;
}

/** Reads a `clientConfig`, or the spec of an APIService, which spells the same fields. */
export function readWebhookClient(raw: unknown): WebhookClient {
  const config = record(raw);
  const service = record(config['service']);
  const name = text(service['name']);
  const url = text(config['url']);
  return {
    ...(name === undefined
      ? {}
      : { service: { namespace: text(service['namespace']) ?? '', name, port: number(service['port']) ?? 443 } }),
    ...(url === undefined ? {} : { url }),
    caBundle: readCaBundle(config['caBundle']),
  };
}

/** The name that the certificate of the server must carry; null for a URL that is none. */
export function serverName(client: WebhookClient): string | null {
  if (client.service !== undefined) return `${client.service.name}.${client.service.namespace}.svc`;
  return client.url !== undefined && URL.canParse(client.url)
    ? new URL(client.url).hostname.replaceAll(/[[\]]/g, '')
    : null;
}

/** A `caBundle` field: PEM, which JSON carries as base64. */
function readCaBundle(value: unknown): Bundle | null {
  const encoded = text(value);
  return encoded === undefined ? null : readBundle(Buffer.from(encoded, 'base64').toString('latin1'));
}
