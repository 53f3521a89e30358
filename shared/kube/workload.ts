import { knownKinds } from '../policy/positions.ts';
import { array, record, text, textMap, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';
import { readRefused } from './refused.ts';

/** What makes pods: the part of a Deployment, CronJob, PodTemplate… that checks read. */
export interface Workload {
  readonly group: string;
  readonly kind: string;
  readonly meta: Meta;
  /** Of the pods that it makes. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** The object without anything but its images, each in its place. */
  readonly onlyImages: Json;
  /** Refusals by the API server that its status tells of. */
  readonly messages: readonly string[];
}

/**
 * Reads a kind whose place of the pod template is known; undefined for what makes no pods any more, or by the template of
 * another: a Job that has ended, or that a CronJob made.
 */
export function readWorkload(group: string, kind: string): (raw: Json) => Workload | undefined {
  const place = knownKinds.find((known) => known.group === group && known.kind === kind)?.podSpecs?.[0];
  if (place === undefined) throw new TypeError(`it is not known where ${kind} has its pod template`);
  const path = place.split('.');
  const refused = readRefused(kind);
  return (raw) => {
    if (kind === 'Job' && isOver(raw)) return undefined;
    const template = path.slice(0, -1).reduce((object, key) => record(object[key]), raw);
    return {
      group,
      kind,
      meta: readMeta(raw),
      podLabels: textMap(record(template['metadata'])['labels']),
      onlyImages: path.reduceRight((inner, key) => ({ [key]: inner }), imagesOf(record(template['spec']))),
      messages: refused(raw)?.messages ?? [],
    };
  };
}

function isOver(job: Json): boolean {
  const { completionTime, conditions } = record(job['status']);
  const ended = array(conditions)
    .map(record)
    .some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
  return ended || completionTime !== undefined || readMeta(job).owners.some(({ kind }) => kind === 'CronJob');
}

function imagesOf(spec: Json): Json {
  const containers = (list: string): object[] =>
    array(spec[list]).map((entry) => ({ name: text(record(entry)['name']), image: text(record(entry)['image']) }));
  const volumes = array(spec['volumes']).flatMap((entry) => {
    const reference = text(record(record(entry)['image'])['reference']);
    return reference === undefined ? [] : [{ name: text(record(entry)['name']), image: { reference } }];
  });
  return {
    containers: containers('containers'),
    initContainers: containers('initContainers'),
    ...(volumes.length === 0 ? {} : { volumes }),
  };
}
