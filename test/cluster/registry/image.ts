import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { debianFile } from '../tools/debian.ts';

/** Bytes with their address, as a registry holds them. */
export interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** A manifest or an index, with the blobs and the other manifests that it needs. */
export interface Image {
  readonly mediaType: string;
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
  /** The images of an index, one a platform. */
  readonly children: readonly Image[];
}

export interface ImageRequest {
  /** `linux/amd64`, `linux/arm64`, `linux/arm/v7`; this machine's when not given. */
  readonly platform?: string;
  readonly command?: readonly string[];
  readonly environment?: readonly string[];
  /** Layers as gzipped tar archives; one with a static busybox when not given. */
  readonly layers?: readonly Buffer[];
  /** Makes images with the same layers differ in their digest. */
  readonly label?: string;
  readonly user?: string;
}

export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** The platform of this machine as images name it. */
export const thisPlatform = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;

/** An OCI image. By default it holds a static busybox and sleeps, which is enough for a pod that only has to run. */
export async function makeImage(request: ImageRequest = {}): Promise<Image> {
  const layers = (request.layers ?? [await busyboxLayer()]).map(blobOf);
  const [os, architecture, variant] = (request.platform ?? thisPlatform).split('/');
  const config = json({
    created: '2026-01-01T00:00:00Z',
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    config: {
      Cmd: request.command ?? ['/bin/busybox', 'sleep', '1000000'],
      Env: ['PATH=/bin:/usr/bin', ...(request.environment ?? [])],
      ...(request.user === undefined ? {} : { User: request.user }),
      Labels: { name: request.label ?? '' },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => diffIds.get(digest) ?? digest) },
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(mediaTypes.config, config),
    layers: layers.map((layer) => descriptor(mediaTypes.layer, layer)),
  });
  return { mediaType: mediaTypes.manifest, manifest, blobs: [config, ...layers], children: [] };
}

/** An index over one image for each platform. */
export async function makeIndex(platforms: readonly string[], request: ImageRequest = {}): Promise<Image> {
  const children = await Promise.all(platforms.map((platform) => makeImage({ ...request, platform })));
  const manifests = children.map((child, i) => {
    const [os, architecture, variant] = (platforms[i] ?? '').split('/');
    return {
      ...descriptor(mediaTypes.manifest, child.manifest),
      platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
    };
  });
  const manifest = json({ schemaVersion: 2, mediaType: mediaTypes.index, manifests });
  return { mediaType: mediaTypes.index, manifest, blobs: [], children };
}

/** A file or, with `linkTo`, a symbolic link of a layer. */
export interface LayerFile {
  readonly name: string;
  readonly content?: Buffer | string;
  readonly mode?: number;
  readonly linkTo?: string;
}

const diffIds = new Map<string, string>();

/** A gzipped tar archive of the given files. */
export async function makeLayer(files: readonly LayerFile[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const file of files) {
    if (file.linkTo === undefined) pack.entry({ name: file.name, mode: file.mode ?? 0o644 }, file.content ?? '');
    else pack.entry({ name: file.name, type: 'symlink', linkname: file.linkTo });
  }
  pack.finalize();
  const archive = await buffer(pack);
  const compressed = gzipSync(archive, { level: 1 });
  diffIds.set(digestOf(compressed), digestOf(archive));
  return compressed;
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function blobOf(bytes: Buffer): Blob {
  return { digest: digestOf(bytes), bytes };
}

let busybox: Promise<Buffer> | undefined;

function busyboxLayer(): Promise<Buffer> {
  busybox ??= makeLayer([
    { name: 'bin/busybox', content: readFileSync(debianFile('busybox-static')), mode: 0o755 },
    { name: 'bin/sh', linkTo: 'busybox' },
  ]);
  return busybox;
}

function json(value: unknown): Blob {
  return blobOf(Buffer.from(JSON.stringify(value)));
}

function descriptor(mediaType: string, { digest, bytes }: Blob): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest, size: bytes.length };
}
