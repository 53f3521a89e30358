import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';

/** Bytes with their address, as a registry holds them. */
export interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** A gzipped tar archive; `diffId` is the digest of the archive before it was compressed. */
export interface Layer extends Blob {
  readonly diffId: string;
}

/** A file or, with `linkTo`, a symbolic link of a layer. */
export interface LayerFile {
  /** Without a slash in front. */
  readonly name: string;
  readonly content?: Buffer | string;
  readonly mode?: number;
  readonly linkTo?: string;
}

/** The manifest of an image and the blobs that it names, the configuration first. */
export interface Assembled {
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** The same files give the same bytes, whenever and wherever they are packed. */
const time = new Date('2026-01-01T00:00:00Z');

/** The platform of this machine as images name it. */
export const thisPlatform: Platform = { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' };

/** Packs files into a layer, owned by root. */
export async function makeLayer(files: readonly LayerFile[]): Promise<Layer> {
  const archive = await packed(files);
  const bytes = gzipSync(archive, { level: 1 });
  return { digest: digestOf(bytes), bytes, diffId: digestOf(archive) };
}

/** An image of one platform; `config` is the part that containers are started by. */
export function assemble(platform: Platform, config: object, layers: readonly Layer[]): Assembled {
  const configBlob = jsonBlob({
    created: time.toISOString(),
    ...platform,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(mediaTypes.config, configBlob),
    layers: layers.map((layer) => descriptor(mediaTypes.layer, layer)),
  });
  return { manifest, blobs: [configBlob, ...layers] };
}

/** An OCI image layout (image-spec, image-layout.md) as a tar archive, with the manifest under a name such as `registry/repository:tag`. */
export async function archiveOf({ manifest, blobs }: Assembled, name: string): Promise<Buffer> {
  const named = {
    ...descriptor(mediaTypes.manifest, manifest),
    annotations: {
      'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
      'io.containerd.image.name': name,
    },
  };
  return packed([
    { name: 'oci-layout', content: JSON.stringify({ imageLayoutVersion: '1.0.0' }) },
    {
      name: 'index.json',
      content: JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [named] }),
    },
    ...[manifest, ...blobs].map(({ digest, bytes }) => ({ name: `blobs/${digest.replace(':', '/')}`, content: bytes })),
  ]);
}

async function packed(files: readonly LayerFile[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { name, content, mode, linkTo } of files) {
    if (linkTo === undefined) pack.entry({ name, mode: mode ?? 0o644, mtime: time }, content ?? '');
    else pack.entry({ name, type: 'symlink', linkname: linkTo, mtime: time });
  }
  pack.finalize();
  return buffer(pack);
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function blobOf(bytes: Buffer): Blob {
  return { digest: digestOf(bytes), bytes };
}

export function jsonBlob(value: unknown): Blob {
  return blobOf(Buffer.from(JSON.stringify(value)));
}

export function descriptor(
  mediaType: string,
  { digest, bytes }: Blob,
): { readonly mediaType: string; readonly digest: string; readonly size: number } {
  return { mediaType, digest, size: bytes.length };
}
