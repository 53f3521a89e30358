import type { Change } from '../../../../shared/policy/judge.ts';
import { fewReferences, references } from './references.ts';
import { rules, ruleSets, type RuleSet } from './rules.ts';

type Json = Readonly<Record<string, unknown>>;

/** A request to the API server, and what it does to which object. */
export interface Sent {
  readonly method: 'POST' | 'PATCH';
  /** Below the namespace, with group and version in front: `api/v1 pods`. */
  readonly root: string;
  readonly path: string;
  readonly body: Json;
  readonly change: Pick<Change, 'group' | 'kind' | 'subResource' | 'operation' | 'object' | 'oldObject'>;
}

export interface Vector {
  readonly set: RuleSet;
  readonly position: string;
  readonly image: string;
  /** Whether it is sent to a namespace that the policy exempts. */
  readonly exempt: boolean;
  readonly sent: Sent;
}

const container = (image: string, name = 'app'): Json => ({ name, image });

/** The pods that are there before the policies are: one right, one that no policy would let in today. */
export const livePods = (allowed: string): readonly Json[] => [
  pod({ containers: [container(allowed), container(allowed, 'side')] }, { name: 'live' }),
  pod({ containers: [container('stranger.example.com/old:1'), container(allowed, 'side')] }, { name: 'old' }),
];

function pod(spec: Json, metadata: Json): Json {
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

function created(object: Json, group: string, kind: string, plural: string): Sent {
  return {
    method: 'POST',
    root: group === '' ? 'api/v1' : `apis/${group}/v1`,
    path: plural,
    body: { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, ...object },
    change: { group, kind, subResource: '', operation: 'CREATE', object, oldObject: null },
  };
}

const createdPod = (spec: Json, metadata: Json = { name: 'p' }): Sent =>
  created(pod(spec, metadata), '', 'Pod', 'pods');

/** An update by a strategic merge patch, which finds containers by their names. */
function patched(before: Json, patch: Json, after: Json, subResource = ''): Sent {
  const { name } = before['metadata'] as { name: string };
  return {
    method: 'PATCH',
    root: 'api/v1',
    path: `pods/${name}${subResource === '' ? '' : `/${subResource}`}`,
    body: patch,
    change: { group: '', kind: 'Pod', subResource, operation: 'UPDATE', object: after, oldObject: before },
  };
}

function changedPod(which: 0 | 1, allowed: string, spec: Json): Sent {
  const before = livePods(allowed)[which] as Json & { spec: { containers: Json[] } };
  const changes = (spec['containers'] ?? []) as readonly Json[];
  const containers = before.spec.containers.map(
    (one) => changes.find((change) => change['name'] === one['name']) ?? one,
  );
  return patched(
    before,
    { metadata: { labels: { a: 'b' } }, spec },
    { ...before, spec: { ...before.spec, containers } },
  );
}

function debugged(allowed: string, image: string): Sent {
  const before = livePods(allowed)[0] as Json & { spec: Json };
  const spec = { ephemeralContainers: [container(image, 'debug')] };
  return patched(before, { spec }, { ...before, spec: { ...before.spec, ...spec } }, 'ephemeralcontainers');
}

const labels = { app: 'x' };
const template = (image: string, spec: Json = {}): Json => ({
  metadata: { labels },
  spec: { containers: [container(image)], ...spec },
});
const workload = (image: string, spec: Json = {}): Json => ({
  metadata: { name: 'w' },
  spec: { selector: { matchLabels: labels }, template: template(image), ...spec },
});

type Make = (image: string, allowed: string) => Sent;

/** Every place of an image and every kind, with the operations that reach them. */
const everywhere: Readonly<Record<string, Make>> = {
  container: (image) => createdPod({ containers: [container(image)] }),
  'init container': (image, allowed) =>
    createdPod({ containers: [container(allowed)], initContainers: [container(image, 'init')] }),
  volume: (image, allowed) =>
    createdPod({ containers: [container(allowed)], volumes: [{ name: 'data', image: { reference: image } }] }),
  'ephemeral container': (image, allowed) => debugged(allowed, image),
  'changed container': (image, allowed) => changedPod(0, allowed, { containers: [container(image)] }),
  Deployment: (image) => created(workload(image), 'apps', 'Deployment', 'deployments'),
};

const elsewhere: Readonly<Record<string, Make>> = {
  'container beside an old one': (image, allowed) => changedPod(1, allowed, { containers: [container(image, 'side')] }),
  'pod with secrets and annotations': (image) =>
    createdPod(
      {
        containers: [container(image), container('redis:7', 'second'), container('nginx:1', 'third')],
        imagePullSecrets: [{ name: 'own' }, { name: 'first' }],
      },
      {
        name: 'p',
        annotations: {
          a: 'b',
          'airgap.dev/original-images': '{"containers/gone":"x.example.com/y:1","containers/third":"z"}',
        },
      },
    ),
  'pod with a note by hand': (image) =>
    createdPod(
      { containers: [container(image)] },
      { name: 'p', annotations: { 'airgap.dev/original-images': '{ "containers/gone": "x.example.com/y:1" }' } },
    ),
  'mirror pod': (image) =>
    createdPod(
      { containers: [container(image)], nodeName: 'node-1', hostNetwork: true },
      { name: 'p', annotations: { 'kubernetes.io/config.mirror': 'abc' } },
    ),
  'six wrong ones': (image) =>
    createdPod({ containers: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => container(image, name)) }),
  StatefulSet: (image) => created(workload(image, { serviceName: 's' }), 'apps', 'StatefulSet', 'statefulsets'),
  DaemonSet: (image) => created(workload(image), 'apps', 'DaemonSet', 'daemonsets'),
  ReplicaSet: (image) => created(workload(image), 'apps', 'ReplicaSet', 'replicasets'),
  ReplicationController: (image) =>
    created(workload(image, { selector: labels }), '', 'ReplicationController', 'replicationcontrollers'),
  PodTemplate: (image) =>
    created({ metadata: { name: 't' }, template: template(image) }, '', 'PodTemplate', 'podtemplates'),
  Job: (image) =>
    created(
      { metadata: { name: 'j' }, spec: { template: template(image, { restartPolicy: 'Never' }) } },
      'batch',
      'Job',
      'jobs',
    ),
  CronJob: (image) =>
    created(
      {
        metadata: { name: 'c' },
        spec: {
          schedule: '0 0 * * *',
          jobTemplate: { spec: { template: template(image, { restartPolicy: 'Never' }) } },
        },
      },
      'batch',
      'CronJob',
      'cronjobs',
    ),
};

const many: Readonly<Record<string, Make>> = {
  '501 containers': (image) =>
    createdPod({ containers: Array.from({ length: 501 }, (_, index) => container(image, `c${index}`)) }),
};

/** References × rules × positions × operations × modes: all of them in Enforce, and enough of them elsewhere. */
export const vectors: readonly Vector[] = ruleSets.flatMap((set) => {
  const { allowed } = rules[set.rules];
  const of = (positions: Readonly<Record<string, Make>>, images: readonly string[], exempt = false): Vector[] =>
    Object.entries(positions).flatMap(([position, make]) =>
      images.map((image) => ({ set, position, image, exempt, sent: make(image, allowed) })),
    );
  if (set.rules === 'many') return of({ container: everywhere['container'] as Make }, references);
  if (set.mode === 'Enforce')
    return [
      ...of(everywhere, references),
      ...of(elsewhere, fewReferences),
      ...of(many, ['nginx', 'bitnami/redis', allowed]),
    ];
  return [...of(everywhere, fewReferences), ...of({ CronJob: elsewhere['CronJob'] as Make }, fewReferences, true)];
});
