import { readFileSync } from 'node:fs';
import {
  assemble,
  descriptor,
  jsonBlob,
  makeLayer,
  mediaTypes,
  thisPlatform,
  type Blob,
  type Layer,
} from '../../../image/oci.ts';
import { debianFile } from '../tools/debian.ts';

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
  /** One with a static busybox when not given. */
  readonly layers?: readonly Layer[];
  /** Makes images with the same layers differ in their digest. */
  readonly label?: string;
  readonly user?: string;
}

/** An OCI image. By default it holds a static busybox and sleeps, which is enough for a pod that only has to run. */
export async function makeImage(request: ImageRequest = {}): Promise<Image> {
  const { os, architecture, variant } = thisPlatform;
  const [asked = os, cpu = architecture, level = variant] = request.platform?.split('/') ?? [];
  const platform = { os: asked, architecture: cpu, ...(level === undefined ? {} : { variant: level }) };
  const config = {
    Cmd: request.command ?? ['/bin/busybox', 'sleep', '1000000'],
    Env: ['PATH=/bin:/usr/bin', ...(request.environment ?? [])],
    ...(request.user === undefined ? {} : { User: request.user }),
    Labels: { name: request.label ?? '' },
  };
  const { manifest, blobs } = assemble(platform, config, request.layers ?? [await busyboxLayer()]);
  return { mediaType: mediaTypes.manifest, manifest, blobs, children: [] };
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
  const manifest = jsonBlob({ schemaVersion: 2, mediaType: mediaTypes.index, manifests });
  return { mediaType: mediaTypes.index, manifest, blobs: [], children };
}

let busybox: Promise<Layer> | undefined;

/** A static busybox, with its shell. */
export function busyboxLayer(): Promise<Layer> {
  busybox ??= makeLayer([
    { name: 'bin/busybox', content: readFileSync(debianFile('busybox-static')), mode: 0o755 },
    { name: 'bin/sh', linkTo: 'busybox' },
  ]);
  return busybox;
}
