import { parseReference } from '../../../shared/image/reference.ts';
import type { Fault, Outcome } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import type { ManifestHead } from '../../registry/fetch-manifest.ts';
import type { Repository } from '../../registry/line.ts';
import { absentAs, headDigest } from './head-digest.ts';
import type { LockedDigest } from './locked.ts';
import { lookForArtifacts } from './look-for-artifacts.ts';

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
      /** Locked manifests that are not there. */
      readonly absent: readonly string[];
      /** Locked artifacts that nothing leads to, by digest: what was seen in their place, or nothing. */
      readonly leftBehind: ReadonlyMap<string, string>;
    }
  | { readonly seen: false; readonly at: string; readonly fault: Fault };

/**
 * Asks the mirror by HEAD for the tag, and where it names the locked digest for nothing else of the image itself; then
 * for every locked manifest, and for what leads to each artifact. No body is read but lists of referrers, unless the
 * registry does not tell digests.
 */
export async function lookAtMirror(registries: Registries, locked: LockedDigest): Promise<MirrorState> {
  const at = locked.mirror ?? locked.image;
  const parsed = parseReference(at);
  if (!parsed.ok) throw new TypeError(`a lock holds only references: ${parsed.reason}`);
  const { host, path, tag, digest: pinned } = parsed.reference;
  const repository = { host, path };
  const asked = pinned === null ? (tag ?? 'latest') : null;

  const parts = locked.manifests.map(({ digest }) => digest);
  const wanted = [...new Set(parts)].filter((digest) => digest !== locked.digest);
  const [named, leftBehind, ...others] = await Promise.all([
    asked === null ? null : headDigest(registries, repository, asked),
    lookForArtifacts(registries, repository, locked.artifacts),
    ...wanted.map((digest) => has(registries, repository, digest)),
  ]);
  if (named !== null && !named.ok) return { seen: false, at, fault: named.fault };
  const tagged = named?.value ?? null;
  const present =
    tagged === locked.digest ? ({ ok: true, value: true } as const) : await has(registries, repository, locked.digest);
  const unseen = [present, leftBehind, ...others].find((outcome) => !outcome.ok);
  if (unseen !== undefined && !unseen.ok) return { seen: false, at, fault: unseen.fault };
  const absent = wanted.filter((_, index) => others[index]?.ok === true && !others[index].value);
  return {
    seen: true,
    at,
    tagged,
    present: present.ok && present.value,
    absent,
    leftBehind: leftBehind.ok ? leftBehind.value : new Map(),
  };
}

async function has(registries: Registries, repository: Repository, digest: string): Promise<Outcome<boolean>> {
  const head: Outcome<ManifestHead> = await registries.manifestHead(repository, digest);
  return head.ok ? { ok: true, value: true } : absentAs(head, false);
}
