import { parseReference, type Reference } from '../../../shared/image/reference.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import { decide } from '../../../shared/policy/decide.ts';
import type { Lock } from '../lock/document.ts';
import type { NeededByCluster } from './needed-by-cluster.ts';
import type { Keep } from './sort-out.ts';

/** What the union of locks and clusters needs. */
export function keepOf(
  locks: readonly Lock[],
  clusters: readonly NeededByCluster[],
  policies: readonly CompiledPolicy[],
): Keep {
  const tags = new Map<string, Set<string>>();
  const digests = new Set<string>();
  const lockedIn = new Map<string, Set<string>>();
  const keepName = (written: string): void => {
    const { host, path, tag, digest } = referenceOf(written);
    if (digest !== null) digests.add(digest);
    if (tag === null && digest !== null) return;
    addTo(tags, `${host}/${path}`, tag ?? 'latest');
  };
  for (const { image, digest, mirror, manifests, artifacts } of locks.flatMap(({ images }) => images)) {
    keepName(mirror ?? image);
    const { host, path } = referenceOf(mirror ?? image);
    for (const part of [{ digest }, ...manifests, ...artifacts]) {
      digests.add(part.digest);
      addTo(lockedIn, `${host}/${path}`, part.digest);
    }
  }
  const elsewhere = new Map<string, Set<string>>();
  for (const image of clusters.flatMap(({ images }) => images)) {
    keepName(image);
    for (const policy of policies) {
      const { action, result } = decide(policy, image);
      if (action === 'rewrite' && result !== null) keepName(result);
    }
    const { host, path, tag } = referenceOf(image);
    for (const name of [path, `${host}/${path}`]) addTo(elsewhere, name, tag ?? 'latest');
  }
  const running = new Set(clusters.flatMap((cluster) => cluster.digests));
  return { tags, digests, lockedIn, running, named: (name, tag) => isNamed(elsewhere, name, tag) };
}

function addTo(sets: Map<string, Set<string>>, name: string, value: string): void {
  sets.set(name, (sets.get(name) ?? new Set()).add(value));
}

/**
 * A node may be told by its own configuration to pull `docker.io/library/nginx:1` from `mirror.example/hub/library/nginx`:
 * the name that pods use then is the end of the mirror's name, and nothing else says that they belong together.
 */
function isNamed(names: ReadonlyMap<string, ReadonlySet<string>>, repository: string, tag: string): boolean {
  for (let slash = repository.indexOf('/'); slash >= 0; slash = repository.indexOf('/', slash + 1))
    if (names.get(repository.slice(slash + 1))?.has(tag) === true) return true;
  return false;
}

function referenceOf(written: string): Reference {
  const parsed = parseReference(written);
  if (!parsed.ok) throw new TypeError(`locks and inventories hold only references: ${parsed.reason}`);
  return parsed.reference;
}
