import { withoutSecrets } from '../secret-text.ts';
import { array, record, text, textMap, type Json } from './json.ts';
import { readConditions, type Condition } from './condition.ts';
import { readMeta, type Meta } from './meta.ts';
import { mirrorPod, originalImages } from './annotation.ts';
import { refusalIn } from './refused.ts';

export type ContainerScope = 'container' | 'init' | 'ephemeral';

export interface Container {
  readonly scope: ContainerScope;
  readonly name: string;
  readonly image: string;
  readonly pullPolicy?: string;
}

export interface ContainerStatus {
  readonly scope: ContainerScope;
  readonly name: string;
  readonly image: string;
  /** What the runtime says it runs; it may carry another repository's name than the spec, so only its digest counts. */
  readonly imageID: string;
  readonly waiting?: { readonly reason: string; readonly message: string };
  /** What its last run left as termination message, if that tells of a refusal by the API server. */
  readonly refusal?: string;
}

/** The part of a Pod that checks read. */
export interface Pod {
  readonly meta: Meta;
  readonly phase: string;
  readonly nodeName: string;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  /** A mirror pod stands for a static pod's file on the node; the API server cannot change it. */
  readonly mirror: boolean;
  /** Whether the webhook left its note of what the images were. */
  readonly rewritten: boolean;
  readonly pullSecrets: readonly string[];
  readonly containers: readonly Container[];
  readonly imageVolumes: readonly { readonly name: string; readonly reference: string; readonly pullPolicy?: string }[];
  /** Names of the Secrets that its volumes show, projected ones included. */
  readonly secretVolumes: readonly string[];
  readonly statuses: readonly ContainerStatus[];
  readonly conditions: readonly Condition[];
}

const lists = [
  { scope: 'init', spec: 'initContainers', status: 'initContainerStatuses' },
  { scope: 'container', spec: 'containers', status: 'containerStatuses' },
  { scope: 'ephemeral', spec: 'ephemeralContainers', status: 'ephemeralContainerStatuses' },
] as const;

export function readPod(raw: Json): Pod {
  const spec = record(raw['spec']);
  const status = record(raw['status']);
  const annotations = textMap(record(raw['metadata'])['annotations']);
  return {
    meta: readMeta(raw),
    phase: text(status['phase']) ?? '',
    nodeName: text(spec['nodeName']) ?? '',
    serviceAccount: text(spec['serviceAccountName']) ?? 'default',
    hostNetwork: spec['hostNetwork'] === true,
    mirror: mirrorPod in annotations,
    rewritten: originalImages in annotations,
    pullSecrets: array(spec['imagePullSecrets']).flatMap((entry) => text(record(entry)['name']) ?? []),
    containers: lists.flatMap(({ scope, spec: field }) =>
      array(spec[field]).map((entry) => readContainer(scope, entry)),
    ),
    imageVolumes: array(spec['volumes']).flatMap(readImageVolume),
    secretVolumes: array(spec['volumes']).flatMap(readSecretVolume),
    statuses: lists.flatMap(({ scope, status: field }) =>
      array(status[field]).map((entry) => readStatus(scope, entry)),
    ),
    conditions: readConditions(raw),
  };
}

function readContainer(scope: ContainerScope, raw: unknown): Container {
  const container = record(raw);
  const pullPolicy = text(container['imagePullPolicy']);
  return {
    scope,
    name: text(container['name']) ?? '',
    image: text(container['image']) ?? '',
    ...(pullPolicy === undefined ? {} : { pullPolicy }),
  };
}

function readImageVolume(raw: unknown): Pod['imageVolumes'] {
  const volume = record(raw);
  const image = record(volume['image']);
  const reference = text(image['reference']);
  const pullPolicy = text(image['pullPolicy']);
  if (reference === undefined) return [];
  return [{ name: text(volume['name']) ?? '', reference, ...(pullPolicy === undefined ? {} : { pullPolicy }) }];
}

function readSecretVolume(raw: unknown): string[] {
  const volume = record(raw);
  const projected = array(record(volume['projected'])['sources']).map(
    (source) => record(record(source)['secret'])['name'],
  );
  return [record(volume['secret'])['secretName'], ...projected].flatMap((name) => text(name) ?? []);
}

function readStatus(scope: ContainerScope, raw: unknown): ContainerStatus {
  const status = record(raw);
  const waiting = record(record(status['state'])['waiting']);
  const reason = text(waiting['reason']);
  const ended = [status['state'], status['lastState']].map((state) => record(record(state)['terminated'])['message']);
  const refusal = refusalIn(ended[0]) ?? refusalIn(ended[1]);
  return {
    scope,
    name: text(status['name']) ?? '',
    image: text(status['image']) ?? '',
    imageID: text(status['imageID']) ?? '',
    ...(refusal === undefined ? {} : { refusal }),
    ...(reason === undefined ? {} : { waiting: { reason, message: withoutSecrets(text(waiting['message']) ?? '') } }),
  };
}
