/**
 * Reads the images of an admitted object without any of the code under test, by other means: it walks the whole object
 * and takes every string under a key that holds an image, wherever Kubernetes would read one. The host is found by the
 * rule that the specification gives in prose.
 */
type Json = Readonly<Record<string, unknown>>;

const judged = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
]);
const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  ReplicaSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
};

/** Images that nobody allowed, of an object that has passed both webhooks; empty where all is well. */
export function externalImages(review: unknown): string[] {
  const { request } = review as { request: Json };
  const kind = request['kind'] as Json | null;
  const name = String(kind?.['kind']);
  if (typeof kind !== 'object' || kind === null || !judged.has(name) || kind['group'] !== (groups[name] ?? ''))
    return [];
  if (request['namespace'] === 'kube-system') return [];
  if (request['operation'] !== 'CREATE' && request['operation'] !== 'UPDATE') return [];
  const subResource = request['subResource'] ?? '';
  if (
    typeof subResource === 'string' &&
    subResource !== '' &&
    !(name === 'Pod' && subResource === 'ephemeralcontainers')
  )
    return [];
  if (name === 'Pod' && isMirror(request['object'])) return [];
  const old = request['operation'] === 'UPDATE' ? new Set(imagesOf(request['oldObject'], name)) : new Set<string>();
  return imagesOf(request['object'], name).filter((image) => !old.has(image) && !isInternal(image, name === 'Pod'));
}

function isMirror(object: unknown): boolean {
  const annotations = ((object as Json | null)?.['metadata'] as Json | null)?.['annotations'] as Json | null;
  return typeof annotations?.['kubernetes.io/config.mirror'] === 'string';
}

function imagesOf(object: unknown, kind: string): string[] {
  const steps =
    kind === 'Pod'
      ? ['spec']
      : kind === 'CronJob'
        ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
        : ['spec', 'template', 'spec'];
  let spec: unknown = object;
  for (const step of steps) spec = isObject(spec) ? spec[step] : undefined;
  if (!isObject(spec)) return [];
  const found: string[] = [];
  for (const list of ['containers', 'initContainers', 'ephemeralContainers', 'volumes']) {
    const entries = spec[list];
    if (!Array.isArray(entries)) continue;
    for (const entry of entries as unknown[]) {
      const image = isObject(entry) ? entry['image'] : undefined;
      const reference = list === 'volumes' ? (isObject(image) ? image['reference'] : undefined) : image;
      if (typeof reference === 'string') found.push(reference);
    }
  }
  return found;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Under the test policy: targets and allowed prefixes; in a template also what its pods will be rewritten from. */
function isInternal(image: string, isPod: boolean): boolean {
  const first = image.slice(0, Math.max(image.indexOf('/'), 0));
  const isHost = first === 'localhost' || /[.:A-Z]/.test(first);
  const full = !isHost
    ? `docker.io/${image.includes('/') ? '' : 'library/'}${image}`
    : image
        .replace(/^(index\.)?docker\.io\/([^/]*)$/, 'docker.io/library/$2')
        .replace(/^index\.docker\.io\//, 'docker.io/');
  const allowed = ['my-registry.local', 'quay.io/own', 'other.local:5000/one'];
  const covered = isPod ? allowed : [...allowed, 'docker.io/library', 'quay.io'];
  return covered.some((prefix) => full === prefix || ['/', ':', '@'].some((end) => full.startsWith(prefix + end)));
}
