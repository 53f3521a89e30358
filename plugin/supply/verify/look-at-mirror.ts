import { parseReference } from '../../../shared/image/reference.ts';
import type { Fault, Outcome } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import { digestOf } from '../../registry/digest.ts';
import type { ManifestHead } from '../../registry/fetch-manifest.ts';
import type { Repository } from '../../registry/line.ts';
import type { LockedDigest } from './locked.ts';

/** What the mirror holds of one locked image. */
export type MirrorState =
  | {
      readonly seen: true;
      /** Where it was looked for: `registry.example/library/nginx:1.27`. */
      readonly at: string;
      /** What the tag names there; null where there is no such tag, or the lock names a digest only. */
      readonly tagged: string | null;
      /** Whether the locked digest itself is there, whatever the tag names. */
      readonly present: boolean;
      /** Locked manifests and artifacts that are not there. */
      readonly absent: readonly string[];
    }
  | { readonly seen: false; readonly at: string; readonly fault: Fault };

/**
 * Asks the mirror by HEAD for the tag, and where it names the locked digest for nothing else of the image itself; then
 * for every locked manifest and artifact. No body is read unless the registry does not tell digests.
 */
export async function lookAtMirror(registries: Registries, locked: LockedDigest): Promise<MirrorState> {
  const at = locked.mirror ?? locked.image;
  const parsed = parseReference(at);
  if (!parsed.ok) throw new TypeError(`a lock holds only references: ${parsed.reason}`);
  const { host, path, tag, digest: pinned } = parsed.reference;
  const repository = { host, path };
  const asked = pinned === null ? (tag ?? 'latest') : null;

  const parts = [...locked.manifests, ...locked.artifacts].map(({ digest }) => digest);
  const wanted = [...new Set(parts)].filter((digest) => digest !== locked.digest);
  const [named, ...others] = await Promise.all([
    asked === null ? null : headDigest(registries, repository, asked),
    ...wanted.map((digest) => has(registries, repository, digest)),
  ]);
  if (named !== null && !named.ok) return { seen: false, at, fault: named.fault };
  const tagged = named?.value ?? null;
  const present =
    tagged === locked.digest ? ({ ok: true, value: true } as const) : await has(registries, repository, locked.digest);
  const unseen = [present, ...others].find((outcome) => !outcome.ok);
  if (unseen !== undefined && !unseen.ok) return { seen: false, at, fault: unseen.fault };
  const absent = wanted.filter((_, index) => others[index]?.ok === true && !others[index].value);
  return { seen: true, at, tagged, present: present.ok && present.value, absent };
}

/** The digest that a tag names; null where there is no such tag. */
async function headDigest(
  registries: Registries,
  repository: Repository,
  tag: string,
): Promise<Outcome<string | null>> {
  const head = await registries.manifestHead(repository, tag);
  if (!head.ok) return absentAs(head, null);
  if (head.value.digest !== null) return { ok: true, value: head.value.digest };
  const fetched = await registries.manifest(repository, tag);
  return fetched.ok ? { ok: true, value: digestOf(fetched.value.bytes) } : absentAs(fetched, null);
}

async function has(registries: Registries, repository: Repository, digest: string): Promise<Outcome<boolean>> {
  const head: Outcome<ManifestHead> = await registries.manifestHead(repository, digest);
  return head.ok ? { ok: true, value: true } : absentAs(head, false);
}

function absentAs<T>(outcome: { readonly ok: false; readonly fault: Fault }, nothing: T): Outcome<T> {
  return outcome.fault.code === 'not-found' ? { ok: true, value: nothing } : outcome;
}
