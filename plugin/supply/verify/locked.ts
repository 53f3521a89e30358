/** The part of a lock that can be held against a mirror and a cluster. */
export interface LockedDigests {
  readonly images: readonly LockedDigest[];
  readonly files?: readonly LockedFileDigest[];
}

export interface LockedFileDigest {
  readonly source: string;
  readonly digest: string;
}

export interface LockedDigest {
  /** Normalised: `docker.io/library/nginx:1.27`. */
  readonly image: string;
  readonly digest: string;
  /** Where it is pulled from; null where it is pulled from where its name says. */
  readonly mirror: string | null;
  readonly manifests: readonly { readonly platform: string | null; readonly digest: string; readonly config: string }[];
  readonly artifacts: readonly {
    readonly digest: string;
    readonly tag: string | null;
    readonly subject: string;
    readonly artifactType: string | null;
  }[];
}

/** Every digest by which a runtime may call this image: the index, a platform's manifest, or its config. */
export function digestsOf({ digest, manifests }: LockedDigest): string[] {
  return [digest, ...manifests.flatMap((manifest) => [manifest.digest, manifest.config])];
}
