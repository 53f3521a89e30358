/**
 * `airgap.lock.yaml`: what must be inside the gap, by digest. Made from the registries once, and from then on the one
 * truth that mirroring, verifying and exporting read. JSON Schema: `lock.schema.json` beside this file.
 */
export interface Lock {
  readonly apiVersion: 'airgap.dev/v1alpha1';
  readonly kind: 'ImageLock';
  /** The platforms that were asked for, as `linux/amd64`; empty where all are locked. */
  readonly platforms: readonly string[];
  /** Sorted by `image`. */
  readonly images: readonly LockedImage[];
  /** Sorted by `source`; left out where there are none. */
  readonly files?: readonly LockedFile[];
  /** Bytes of every blob by its digest: each stands here once, however many images share it. */
  readonly blobs: Readonly<Record<string, number>>;
}

export interface LockedImage {
  /** Normalised, with the tag or digest that was asked for: `docker.io/library/nginx:1.27`. */
  readonly image: string;
  /** What the tag named: an index, or the manifest of an image for one platform. */
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of that manifest. */
  readonly size: number;
  /** Where the policy has it pulled from; null where no rule covers it. */
  readonly mirror: string | null;
  /** The manifests of the locked platforms; the image itself where it is no index. */
  readonly manifests: readonly LockedManifest[];
  /** Signatures, attestations and whatever else refers to the image: cosign's tags and OCI referrers. */
  readonly artifacts: readonly LockedArtifact[];
  /** The places that name it, as `images` lists them. */
  readonly neededBy: readonly string[];
}

/** What is no image: a chart archive or a file that a site lists for itself. */
export interface LockedFile {
  /** From the folder of the lock, never above it. */
  readonly source: string;
  readonly kind: 'chart' | 'file';
  readonly digest: string;
  readonly size: number;
  readonly neededBy: readonly string[];
}

export interface LockedManifest {
  /** `linux/arm64/v8`; null for a manifest that is for no platform, such as a build's attestation in an index. */
  readonly platform: string | null;
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly config: string;
  readonly layers: readonly string[];
}

export interface LockedArtifact {
  /** The digest it is about: the image's own, or one of its manifests'. */
  readonly subject: string;
  /** `sha256-….sig`, where it is found by its tag and not by the referrers list. */
  readonly tag: string | null;
  readonly artifactType: string | null;
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly blobs: readonly string[];
}
