import type { Outcome } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import type { Descriptor } from '../../registry/manifest.ts';
import type { LockedArtifact } from './document.ts';

/** cosign keeps what belongs to a digest under tags made from it, since before registries had a referrers list. */
const cosignSuffixes = ['sig', 'att', 'sbom'] as const;

/** Everything that refers to one of these digests: OCI referrers and cosign's tags, each once, by digest. */
export async function findArtifacts(
  registries: Registries,
  repository: Repository,
  subjects: readonly string[],
  blobs: Map<string, number>,
): Promise<Outcome<LockedArtifact[]>> {
  const found = await Promise.all(
    subjects.flatMap((subject) => [
      referrersOf(registries, repository, subject),
      ...cosignSuffixes.map((suffix) => tagged(registries, repository, subject, suffix)),
    ]),
  );
  const artifacts: LockedArtifact[] = [];
  for (const outcome of found) {
    if (!outcome.ok) return outcome;
    for (const { descriptor, subject, tag } of outcome.value) {
      const fetched = await registries.manifest(repository, descriptor.digest);
      if (!fetched.ok) return fetched;
      const { manifest, bytes, digest } = fetched.value;
      const parts = manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : [];
      for (const part of parts) blobs.set(part.digest, part.size);
      artifacts.push({
        subject,
        tag,
        artifactType: descriptor.artifactType ?? (manifest.kind === 'image' ? manifest.artifactType : null),
        digest,
        mediaType: descriptor.mediaType,
        size: bytes.length,
        blobs: parts.map((part) => part.digest),
      });
    }
  }
  return { ok: true, value: artifacts.toSorted((a, b) => (a.digest < b.digest ? -1 : 1)) };
}

interface Found {
  readonly descriptor: Pick<Descriptor, 'digest' | 'mediaType' | 'artifactType'>;
  readonly subject: string;
  readonly tag: string | null;
}

async function referrersOf(registries: Registries, repository: Repository, subject: string): Promise<Outcome<Found[]>> {
  const listed = await registries.referrers(repository, subject);
  return listed.ok
    ? { ok: true, value: listed.value.map((descriptor) => ({ descriptor, subject, tag: null })) }
    : listed;
}

async function tagged(
  registries: Registries,
  repository: Repository,
  subject: string,
  suffix: (typeof cosignSuffixes)[number],
): Promise<Outcome<Found[]>> {
  const tag = `${subject.replace(':', '-')}.${suffix}`;
  const head = await registries.manifestHead(repository, tag);
  if (!head.ok) return head.fault.code === 'not-found' ? { ok: true, value: [] } : head;
  const { digest, mediaType } = head.value;
  if (digest === null) return { ok: true, value: [] };
  return { ok: true, value: [{ descriptor: { digest, mediaType }, subject, tag }] };
}
