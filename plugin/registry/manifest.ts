import { array, number, record, text, textMap, type Json } from '../../shared/kube/json.ts';

export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  schema1: 'application/vnd.docker.distribution.manifest.v1+json',
  schema1Signed: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
} as const;

/** What a runtime sends. Schema 1 is asked for last, so that an old registry shows it instead of answering 404. */
export const acceptManifests = Object.values(mediaTypes).join(', ');

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes, as the manifest says; 0 where it does not. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export type Manifest =
  | {
      readonly kind: 'index';
      readonly mediaType: string;
      readonly children: readonly (Descriptor & { readonly platform: Platform | null })[];
      /** What this one is about, where it is a list that refers to an image. */
      readonly subject: Descriptor | null;
    }
  | {
      readonly kind: 'image';
      readonly mediaType: string;
      readonly config: Descriptor;
      readonly layers: readonly Descriptor[];
      /** What this one is about, where it is a signature, an attestation or another referrer. */
      readonly subject: Descriptor | null;
      readonly artifactType: string | null;
    }
  | { readonly kind: 'schema1' }
  /** A web page in place of a manifest: a captive portal, a proxy's error page, or a web server. */
  | { readonly kind: 'html' }
  | { readonly kind: 'unknown'; readonly mediaType: string; readonly why: string };

/**
 * Reads a manifest by what it says of itself and, where it says nothing, by the Content-Type it came with. Never throws:
 * what is none of the known kinds is `unknown` with the reason.
 */
export function parseManifest(bytes: Uint8Array, contentType: string): Manifest {
  const served = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const content = new TextDecoder().decode(bytes);
  if (served === 'text/html' || /^\s*<(?:!doctype|html|head|body)\b/i.test(content)) return { kind: 'html' };
  let json: Json;
  try {
    json = record(JSON.parse(content));
  } catch {
    return { kind: 'unknown', mediaType: served, why: 'it is not JSON' };
  }
  const own = text(json['mediaType']);
  if (number(json['schemaVersion']) === 1 || served.startsWith(mediaTypes.schema1.slice(0, -'+json'.length)))
    return { kind: 'schema1' };
  const mediaType = own ?? served;
  switch (mediaType) {
    case mediaTypes.ociIndex:
    case mediaTypes.dockerList:
      return index(json, mediaType);
    case mediaTypes.ociManifest:
    case mediaTypes.dockerManifest:
      return image(json, mediaType);
    default:
      if (own !== undefined) return { kind: 'unknown', mediaType: own, why: 'no container runtime reads this type' };
      if (Array.isArray(json['manifests'])) return index(json, mediaTypes.ociIndex);
      if ('config' in json && Array.isArray(json['layers'])) return image(json, mediaTypes.ociManifest);
      return { kind: 'unknown', mediaType: served, why: 'it has neither layers nor manifests' };
  }
}

function index(json: Json, mediaType: string): Manifest {
  const children = [];
  for (const raw of array(json['manifests'])) {
    const child = descriptor(raw);
    if (child === undefined) return { kind: 'unknown', mediaType, why: 'one of its manifests has no valid digest' };
    children.push({ ...child, platform: platformOf(record(raw)['platform']) });
  }
  return { kind: 'index', mediaType, children, subject: descriptor(json['subject']) ?? null };
}

function image(json: Json, mediaType: string): Manifest {
  const config = descriptor(json['config']);
  const layers = array(json['layers']).map(descriptor);
  if (config === undefined) return { kind: 'unknown', mediaType, why: 'its config has no valid digest' };
  const good = layers.filter((layer) => layer !== undefined);
  if (good.length < layers.length) return { kind: 'unknown', mediaType, why: 'one of its layers has no valid digest' };
  return {
    kind: 'image',
    mediaType,
    config,
    layers: good,
    subject: descriptor(json['subject']) ?? null,
    artifactType: text(json['artifactType']) ?? null,
  };
}

function descriptor(raw: unknown): Descriptor | undefined {
  const json = record(raw);
  const digest = text(json['digest']);
  if (digest === undefined || !isDigest(digest)) return undefined;
  const artifactType = text(json['artifactType']);
  return {
    mediaType: text(json['mediaType']) ?? '',
    digest,
    size: Math.max(0, number(json['size']) ?? 0),
    ...(artifactType === undefined ? {} : { artifactType }),
    annotations: textMap(json['annotations']),
  };
}

/** `algorithm:hex` of the two algorithms that registries serve. */
export function isDigest(value: string): boolean {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(value);
}

/** The platform of an index's entry or of an image's config; null where neither field is there. */
export function platformOf(raw: unknown): Platform | null {
  const json = record(raw);
  const os = text(json['os']);
  const architecture = text(json['architecture']);
  const variant = text(json['variant']);
  if (os === undefined || architecture === undefined) return null;
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** `linux/arm64/v8`, as every tool's `--platform` writes it. */
export function platformName({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
