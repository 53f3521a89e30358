import { array, number, record, text, texts, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** The part of an EndpointSlice that checks read. */
export interface EndpointSlice {
  readonly meta: Meta;
  /** The Service it belongs to, in its own namespace. */
  readonly service: string;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  readonly addresses: readonly string[];
  /** Unknown readiness counts as ready, as the API says. */
  readonly ready: boolean;
  /** The pod behind it, where there is one. */
  readonly pod: string;
}

export function readEndpointSlice(raw: Json): EndpointSlice {
  const meta = readMeta(raw);
  return {
    meta,
    service: meta.labels['kubernetes.io/service-name'] ?? '',
    ports: array(raw['ports'])
      .map(record)
      .map((port) => ({ name: text(port['name']) ?? '', port: number(port['port']) ?? 0 })),
    endpoints: array(raw['endpoints']).map(record).map(readEndpoint),
  };
}

function readEndpoint(raw: Json): Endpoint {
  const target = record(raw['targetRef']);
  return {
    addresses: texts(raw['addresses']),
    ready: record(raw['conditions'])['ready'] !== false,
    pod: target['kind'] === 'Pod' ? (text(target['name']) ?? '') : '',
  };
}
