import { repositoryOf, type Reference } from '../../../shared/image/reference.ts';
import type { Fault, Outcome } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import type { FetchedManifest } from '../../registry/fetch-manifest.ts';
import type { Repository } from '../../registry/line.ts';
import { platformName, type Manifest } from '../../registry/manifest.ts';
import { readPlatform } from '../../registry/read-platform.ts';
import { findArtifacts } from './artifacts.ts';
import type { LockedImage, LockedManifest } from './document.ts';
import { platformWanted } from './platform.ts';

export type Resolved = Pick<LockedImage, 'digest' | 'mediaType' | 'size' | 'manifests' | 'artifacts'> & {
  readonly blobs: ReadonlyMap<string, number>;
};

/**
 * What a reference names now: its digest, the manifests of the wanted platforms, their blobs, and what refers to them.
 * Nothing of a blob is read, only manifests. `platforms` empty means all.
 */
export async function resolve(
  registries: Registries,
  reference: Reference,
  platforms: readonly string[],
): Promise<Outcome<Resolved>> {
  const repository = { host: reference.host, path: reference.path };
  const fetched = await registries.manifest(repository, reference.digest ?? reference.tag ?? 'latest');
  if (!fetched.ok) return fetched;
  const blobs = new Map<string, number>();
  const manifests = await manifestsOf(registries, repository, fetched.value, platforms, blobs);
  if (!manifests.ok) return manifests;
  if (manifests.value.length === 0) return missing(reference, platforms);
  const subjects = [fetched.value.digest, ...manifests.value.map(({ digest }) => digest)];
  const artifacts = await findArtifacts(registries, repository, [...new Set(subjects)], blobs);
  if (!artifacts.ok) return artifacts;
  const { digest, bytes, manifest } = fetched.value;
  const mediaType = 'mediaType' in manifest ? manifest.mediaType : '';
  return {
    ok: true,
    value: { digest, mediaType, size: bytes.length, manifests: manifests.value, artifacts: artifacts.value, blobs },
  };
}

async function manifestsOf(
  registries: Registries,
  repository: Repository,
  { manifest, digest, bytes }: FetchedManifest,
  platforms: readonly string[],
  blobs: Map<string, number>,
): Promise<Outcome<LockedManifest[]>> {
  switch (manifest.kind) {
    case 'image': {
      const platform = await readPlatform(registries, repository, manifest);
      const wanted = platformWanted(platform, platforms);
      return { ok: true, value: wanted ? [lockManifest(manifest, platform, digest, bytes.length, blobs)] : [] };
    }
    case 'index': {
      const listed = manifest.children.map((child) => ({
        digest: child.digest,
        platform: child.platform === null ? null : platformName(child.platform),
      }));
      const wanted = listed.filter(({ platform }) => platformWanted(platform, platforms));
      const children = await Promise.all(
        wanted.map(async ({ digest: child, platform }): Promise<Outcome<LockedManifest>> => {
          const fetched = await registries.manifest(repository, child);
          if (!fetched.ok) return fetched;
          if (fetched.value.manifest.kind !== 'image') return unreadable(repository, fetched.value.manifest);
          const { manifest: image, bytes: content } = fetched.value;
          return { ok: true, value: lockManifest(image, platform, child, content.length, blobs) };
        }),
      );
      const failed = children.find((child) => !child.ok);
      return failed ?? { ok: true, value: children.flatMap((child) => (child.ok ? [child.value] : [])) };
    }
    default:
      return unreadable(repository, manifest);
  }
}

function lockManifest(
  { config, layers, mediaType }: Manifest & { kind: 'image' },
  platform: string | null,
  digest: string,
  size: number,
  blobs: Map<string, number>,
): LockedManifest {
  for (const blob of [config, ...layers]) blobs.set(blob.digest, blob.size);
  return { platform, digest, mediaType, size, config: config.digest, layers: layers.map((layer) => layer.digest) };
}

function fault(host: string, code: Fault['code'], detail: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, host, role: 'registry', detail } };
}

function unreadable({ host }: Repository, manifest: Manifest): { readonly ok: false; readonly fault: Fault } {
  switch (manifest.kind) {
    case 'schema1':
      return fault(host, 'schema1', 'the image is stored as schema 1, which current runtimes do not pull');
    case 'html':
      return fault(host, 'not-a-registry', 'it answered with a web page in place of the manifest');
    case 'unknown':
      return fault(host, 'media-type', `its manifest cannot be read: ${manifest.why}`);
    case 'index':
      return fault(host, 'media-type', 'an index inside an index cannot be locked');
    case 'image':
      return fault(host, 'media-type', 'its manifest cannot be read');
  }
}

function missing(reference: Reference, platforms: readonly string[]): { readonly ok: false; readonly fault: Fault } {
  const detail = `${repositoryOf(reference)} has no manifest for ${platforms.join(', ')}`;
  return fault(reference.host, 'platform-missing', detail);
}
