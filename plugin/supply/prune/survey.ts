import type { Fault, Outcome } from '../../../shared/registry/fault.ts';
import { inTurns } from '../../in-turns.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import type { Manifest } from '../../registry/manifest.ts';
import type { RepositoryContent, StoredManifest, Unseen } from './content.ts';

/** Requests of one repository at a time. */
const parallel = 8;

/**
 * Reads all that a repository shows: its tags, what they name, the children of indexes and what refers to any of these,
 * over and over until nothing new is found. `digests` are looked for beside the tags: what is to be kept is read even
 * where a list leaves it out. One manifest that cannot be read makes the whole repository unseen.
 */
export async function survey(
  registries: Registries,
  repository: Repository,
  wanted: { readonly tags: readonly string[]; readonly digests: readonly string[] },
): Promise<RepositoryContent | Unseen> {
  const listed = await readTags(registries, repository, wanted.tags);
  if (!listed.ok) return { repository, fault: listed.fault };
  const tags = listed.value;
  const manifests = new Map<string, StoredManifest>();
  const asked = new Set<string>();
  let next = [...new Set([...tags.values(), ...wanted.digests])];
  while (next.length > 0) {
    for (const digest of next) asked.add(digest);
    const read = await inTurns(next, parallel, (digest) => readManifest(registries, repository, digest));
    const found: string[] = [];
    for (const outcome of read) {
      if (!outcome.ok) return { repository, fault: outcome.fault };
      if (outcome.value === null) continue;
      manifests.set(outcome.value.digest, outcome.value);
      found.push(...outcome.value.children, ...outcome.value.referrers);
    }
    next = [...new Set(found)].filter((digest) => !asked.has(digest));
  }
  const odd = [...tags].find(([, digest]) => !manifests.has(digest));
  if (odd !== undefined) return { repository, fault: absent(repository, odd[0]) };
  return { repository, tags, manifests };
}

/** Every tag with the digest that it names now. */
export async function readTags(
  registries: Registries,
  repository: Repository,
  beside: readonly string[],
): Promise<Outcome<Map<string, string>>> {
  const listed = await registries.tags(repository);
  // A repository that a lock names may not have been filled yet.
  if (!listed.ok && listed.fault.code !== 'not-found') return listed;
  const names = [...new Set([...(listed.ok ? listed.value : []), ...beside])].toSorted();
  const digests = await inTurns(names, parallel, (tag) => digestOf(registries, repository, tag));
  const tags = new Map<string, string>();
  for (const [at, outcome] of digests.entries()) {
    if (!outcome.ok) return outcome;
    if (outcome.value !== null) tags.set(names[at] ?? '', outcome.value);
  }
  return { ok: true, value: tags };
}

async function digestOf(registries: Registries, repository: Repository, tag: string): Promise<Outcome<string | null>> {
  const head = await registries.manifestHead(repository, tag);
  if (!head.ok) return head.fault.code === 'not-found' ? { ok: true, value: null } : head;
  if (head.value.digest !== null) return { ok: true, value: head.value.digest };
  const fetched = await registries.manifest(repository, tag);
  return fetched.ok ? { ok: true, value: fetched.value.digest } : fetched;
}

/** A manifest and what refers to it; null where it is not there, as the children of an index may be left out. */
async function readManifest(
  registries: Registries,
  repository: Repository,
  digest: string,
): Promise<Outcome<StoredManifest | null>> {
  const fetched = await registries.manifest(repository, digest);
  if (!fetched.ok) return fetched.fault.code === 'not-found' ? { ok: true, value: null } : fetched;
  const stored = stand(fetched.value.manifest, digest, fetched.value.bytes.length);
  if (stored === null) return { ok: false, fault: unreadable(repository, digest) };
  const referrers = await registries.referrers(repository, digest);
  if (!referrers.ok) return referrers;
  return { ok: true, value: { ...stored, referrers: referrers.value.map((descriptor) => descriptor.digest) } };
}

function stand(manifest: Manifest, digest: string, size: number): StoredManifest | null {
  const bare = {
    digest,
    size,
    children: [],
    blobs: new Map<string, number>(),
    config: null,
    subject: null,
    referrers: [],
  };
  switch (manifest.kind) {
    case 'index':
      return {
        ...bare,
        children: manifest.children.map((child) => child.digest),
        subject: manifest.subject?.digest ?? null,
      };
    case 'image':
      return {
        ...bare,
        blobs: new Map([manifest.config, ...manifest.layers].map((blob) => [blob.digest, blob.size])),
        config: manifest.config.digest,
        subject: manifest.subject?.digest ?? null,
      };
    // Its layers are not told in a form that is read here; it holds on to no other manifest.
    case 'schema1':
      return bare;
    case 'html':
    case 'unknown':
      return null;
  }
}

function absent({ host }: Repository, tag: string): Fault {
  return {
    code: 'not-found',
    host,
    role: 'registry',
    detail: `it names a digest for the tag ${tag} and does not have it`,
  };
}

function unreadable({ host }: Repository, digest: string): Fault {
  const detail = `${digest} is of a kind that is not known here, and so is what it needs`;
  return { code: 'media-type', host, role: 'registry', detail };
}
