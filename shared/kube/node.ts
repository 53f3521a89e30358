import { array, record, text, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** The part of a Node that checks read. */
export interface Node {
  readonly meta: Meta;
  readonly architecture: string;
  readonly os: string;
  /** `containerd://2.4.2`: decides what its error texts mean. */
  readonly runtimeVersion: string;
  readonly kubeletVersion: string;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  /** The kubelet's port, 10250 unless the node says otherwise. */
  readonly kubeletPort: number;
}

export function readNode(raw: Json): Node {
  const status = record(raw['status']);
  const info = record(status['nodeInfo']);
  const port = record(record(status['daemonEndpoints'])['kubeletEndpoint'])['Port'];
  return {
    meta: readMeta(raw),
    architecture: text(info['architecture']) ?? '',
    os: text(info['operatingSystem']) ?? '',
    runtimeVersion: text(info['containerRuntimeVersion']) ?? '',
    kubeletVersion: text(info['kubeletVersion']) ?? '',
    addresses: array(status['addresses'])
      .map(record)
      .map((entry) => ({ type: text(entry['type']) ?? '', address: text(entry['address']) ?? '' })),
    kubeletPort: typeof port === 'number' ? port : 10250,
  };
}
