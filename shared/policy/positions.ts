import { array, record } from '../kube/json.ts';
import type { CustomResource } from './compile.ts';
import type { Path } from './problem.ts';

/** Where one image string sits in an object. */
export interface ImagePosition {
  /** To the string itself. */
  readonly path: Path;
  /** What the image belongs to, the same for the old and the new form of an object: `containers/app`, `volumes/data`. */
  readonly owner: string;
  readonly image: string;
}

/** How an object holds images: a pod is rewritten, a template or a custom resource is only judged. */
export interface Placement {
  readonly holds: 'pod' | 'template';
  readonly podSpecs: readonly string[];
  readonly images: readonly string[];
}

interface KnownKind {
  readonly group: string;
  readonly kind: string;
  /** Paths to pod specs; `[*]` stands for every element of a list. */
  readonly podSpecs?: readonly string[];
  /** Paths to image strings. */
  readonly images?: readonly string[];
}

const template = ['spec.template.spec'];

/** The kinds whose images are known without being told. Only what a kind's own documentation says belongs here. */
export const knownKinds: readonly KnownKind[] = [
  { group: '', kind: 'Pod', podSpecs: ['spec'] },
  { group: '', kind: 'PodTemplate', podSpecs: ['template.spec'] },
  { group: '', kind: 'ReplicationController', podSpecs: template },
  { group: 'apps', kind: 'Deployment', podSpecs: template },
  { group: 'apps', kind: 'StatefulSet', podSpecs: template },
  { group: 'apps', kind: 'DaemonSet', podSpecs: template },
  { group: 'apps', kind: 'ReplicaSet', podSpecs: template },
  { group: 'batch', kind: 'Job', podSpecs: template },
  { group: 'batch', kind: 'CronJob', podSpecs: ['spec.jobTemplate.spec.template.spec'] },
  { group: 'argoproj.io', kind: 'Rollout', podSpecs: template },
  { group: 'serving.knative.dev', kind: 'Service', podSpecs: template },
  { group: 'apps.kruise.io', kind: 'CloneSet', podSpecs: template },
  { group: 'batch.volcano.sh', kind: 'Job', podSpecs: ['spec.tasks[*].template.spec'] },
  { group: 'postgresql.cnpg.io', kind: 'Cluster', images: ['spec.imageName'] },
  { group: 'monitoring.coreos.com', kind: 'Prometheus', images: ['spec.image'] },
  { group: 'monitoring.coreos.com', kind: 'Alertmanager', images: ['spec.image'] },
];

export const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** Those of Kubernetes itself: their kinds stand in the rules of the installed webhook. */
const ownGroups = new Set(['', 'apps', 'batch']);

/** The other kinds that hold images: those that are known, and what policies say of more. Each once, sorted. */
export function customKinds(told: readonly CustomResource[]): GroupKind[] {
  const known = knownKinds.filter(({ group }) => !ownGroups.has(group));
  const more = told.filter((one) => !knownKinds.some(({ group, kind }) => group === one.group && kind === one.kind));
  const byName = new Map([...known, ...more].map(({ group, kind }) => [`${group}/${kind}`, { group, kind }]));
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Where a kind holds images; null where it holds none. What the policy says of a kind is added to what is known. */
export function placementOf(group: string, kind: string, custom: readonly CustomResource[] = []): Placement | null {
  if (custom.length === 0) return builtIn.get(`${group}/${kind}`) ?? null;
  const known = knownKinds.find((entry) => entry.group === group && entry.kind === kind);
  const told = custom.filter((entry) => entry.group === group && entry.kind === kind);
  return placed(group, kind, known, told);
}

function placed(
  group: string,
  kind: string,
  known: KnownKind | undefined,
  told: readonly CustomResource[],
): Placement | null {
  if (known === undefined && told.length === 0) return null;
  return {
    holds: group === '' && kind === 'Pod' ? 'pod' : 'template',
    podSpecs: known?.podSpecs ?? [],
    images: [...(known?.images ?? []), ...told.flatMap(({ paths }) => paths)],
  };
}

const builtIn: ReadonlyMap<string, Placement | null> = new Map(
  knownKinds.map((known) => [`${known.group}/${known.kind}`, placed(known.group, known.kind, known, [])]),
);

/** Every image string of an object. What has another type than the API's is passed over. */
export function imagesOf(object: unknown, placement: Placement): ImagePosition[] {
  return [
    ...placement.podSpecs.flatMap((pattern) =>
      reach(object, pattern).flatMap(({ path, value }) => imagesOfPodSpec(value, path, pattern)),
    ),
    ...placement.images.flatMap((pattern) =>
      reach(object, pattern).flatMap(({ path, value }) =>
        typeof value === 'string' ? [{ path, owner: path.join('/'), image: value }] : [],
      ),
    ),
  ];
}

function imagesOfPodSpec(spec: unknown, path: Path, pattern: string): ImagePosition[] {
  // Two pod specs of one object (the tasks of a Volcano job) may use the same container name.
  const prefix = pattern.includes('[*]') ? `${path.join('/')}/` : '';
  const found: ImagePosition[] = [];
  const add = (image: unknown, list: string, entry: unknown, index: number, below: readonly string[]): void => {
    if (typeof image !== 'string') return;
    found.push({ path: [...path, list, index, ...below], owner: `${prefix}${list}/${nameOf(entry, index)}`, image });
  };
  const fields = record(spec);
  for (const list of containerLists)
    for (const [index, entry] of array(fields[list]).entries())
      add(record(entry)['image'], list, entry, index, ['image']);
  for (const [index, entry] of array(fields['volumes']).entries())
    add(record(record(entry)['image'])['reference'], 'volumes', entry, index, ['image', 'reference']);
  return found;
}

function nameOf(entry: unknown, index: number): string {
  const { name } = record(entry);
  return typeof name === 'string' && name !== '' ? name : String(index);
}

/** The values that a pattern such as `spec.tasks[*].template.spec` leads to. */
function reach(object: unknown, pattern: string): { path: Path; value: unknown }[] {
  // By far the most objects are pods.
  if (pattern === 'spec')
    return Object.hasOwn(record(object), 'spec') ? [{ path: ['spec'], value: record(object)['spec'] }] : [];
  let found: { path: Path; value: unknown }[] = [{ path: [], value: object }];
  for (const part of pattern.split('.')) {
    const everyElement = part.endsWith('[*]');
    const key = everyElement ? part.slice(0, -3) : part;
    found = found.flatMap(({ path, value }) => {
      const parent = record(value);
      if (!Object.hasOwn(parent, key)) return [];
      const below = { path: [...path, key], value: parent[key] };
      if (!everyElement) return [below];
      return array(below.value).map((element, index) => ({ path: [...below.path, index], value: element }));
    });
  }
  return found;
}
