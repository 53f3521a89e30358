type Random = () => number;

const strings = [
  '',
  'nginx',
  'evil.io/x:1',
  'my-registry.local/x',
  'my-registry.local.evil.io/x',
  'my-registry.local@evil.io/x',
  'MY-REGISTRY.LOCAL/x',
  'docker.io/library/nginx',
  'index.docker.io/nginx',
  'quay.io/own',
  'quay.io/owned/x',
  'quay.io/own/../evil',
  'my-registry.local//x',
  'my-registry.local/x@sha256:' + 'b'.repeat(64),
  'x'.repeat(300),
  'my-registry.local:443/x',
  'Upper',
  'a b',
  '\u0000',
  'ﬁ',
  '__proto__',
  'constructor',
  '%2e%2e',
  'evil.io/library/nginx',
  'CREATE',
  'UPDATE',
  'DELETE',
  'ephemeralcontainers',
  'status',
  'Pod',
  'Deployment',
  'apps',
  'kube-system',
  'team',
];
const keys = [
  'image',
  'reference',
  'containers',
  'initContainers',
  'ephemeralContainers',
  'volumes',
  'spec',
  'template',
  'metadata',
  'annotations',
  'kubernetes.io/config.mirror',
  'airgap.dev/original-images',
  '__proto__',
  'name',
  'new',
];

/** A deep copy with one to six changes anywhere: values replaced, keys added or removed, elements doubled or moved. */
export function mutate(seed: unknown, next: Random): unknown {
  const body: unknown = structuredClone(seed);
  const changes = 1 + Math.floor(next() * 6);
  for (let change = 0; change < changes; change += 1) changeSomewhere(body, next);
  // What arrives has been JSON, where "__proto__" is a key like any other.
  return JSON.parse(JSON.stringify(body));
}

/** Half of the changes hit an image, the rest anything. */
function changeSomewhere(body: unknown, next: Random): void {
  const parents = containersOf(body);
  const holders = parents.filter((parent) => 'image' in parent || 'reference' in parent);
  const holder = holders.length > 0 && next() < 0.5 ? pick(next, holders) : undefined;
  if (holder !== undefined) {
    const key = 'reference' in holder ? 'reference' : 'image';
    (holder as Record<string, unknown>)[key] = valueLike((holder as Record<string, unknown>)[key], next);
    return;
  }
  const at = pick(next, parents);
  if (Array.isArray(at)) changeList(at, next);
  else changeObject(at as Record<string, unknown>, next);
}

/** Every object and list of a document. */
function containersOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containersOf)];
}

function changeObject(object: Record<string, unknown>, next: Random): void {
  const own = Object.keys(object);
  const key = own.length === 0 || next() < 0.25 ? pick(next, keys) : pick(next, own);
  const chance = next();
  if (chance < 0.15) delete object[key];
  else if (chance < 0.25 && own.length > 0) object[pick(next, keys)] = structuredClone(object[pick(next, own)]);
  else
    Object.defineProperty(object, key, {
      value: valueLike(object[key], next),
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

function changeList(list: unknown[], next: Random): void {
  const index = Math.floor(next() * list.length);
  const chance = next();
  if (chance < 0.3) list.push(structuredClone(list[index]));
  else if (chance < 0.5) list.splice(index, 1);
  else if (chance < 0.7) list.reverse();
  else list[index] = valueLike(list[index], next);
}

/** Mostly of the same type, so that the change gets past the first look. */
function valueLike(value: unknown, next: Random): unknown {
  if (next() < 0.15) return pick(next, [null, true, 0, -1, 1e308, [], {}, [[]], pick(next, strings)]);
  if (typeof value === 'string')
    return next() < 0.6 ? pick(next, strings) : value + pick(next, ['', ' ', '/', ':', '@', '\n', 'x']);
  if (typeof value === 'object' && value !== null) return structuredClone(value);
  return pick(next, strings);
}

function pick<T>(next: Random, from: readonly T[]): T {
  return from[Math.floor(next() * from.length)] as T;
}
