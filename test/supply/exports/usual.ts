import { blobOf, jsonBlob, mediaTypes } from '../../../image/oci.ts';
import { makeImage, makeIndex, type Image } from '../../cluster/registry/image.ts';
import type { TwoRegistries } from '../two-registries.ts';

/** What the source of an export's test holds. */
export interface Usual {
  /** `acme/app:1`, for two platforms, with a cosign signature and an OCI referrer. */
  readonly app: Image;
  /** `acme/db:2`, for one platform. */
  readonly db: Image;
  readonly signature: Image;
  readonly referrer: Image;
}

/** The tag under which cosign keeps the signature of an image. */
export function signatureTag({ manifest }: Image): string {
  return `${manifest.digest.replace(':', '-')}.sig`;
}

/** Fills the source and locks both images. */
export async function pushUsual(two: TwoRegistries, ...lockArguments: readonly string[]): Promise<Usual> {
  const app = await makeIndex(['linux/amd64', 'linux/arm64']);
  const [db, signature] = [await makeImage({ label: 'db' }), await makeImage({ label: 'signature' })];
  const referrer = aboutImage(app);
  await two.source.push('acme/app:1', app);
  await two.source.push('acme/db:2', db);
  await two.source.push(`acme/app:${signatureTag(app)}`, signature);
  // Registries without a referrers list keep it as an index under this tag (distribution specification 1.1).
  await two.source.push(`acme/app:${app.manifest.digest.replace(':', '-')}`, referrersOf(referrer));
  await two.lock(['acme/app:1', 'acme/db:2'], ...lockArguments);
  return { app, db, signature, referrer };
}

const artifactType = 'application/vnd.example.sbom.v1';

function aboutImage({ manifest: subject, mediaType }: Image): Image {
  const [config, content] = [blobOf(Buffer.from('{}')), blobOf(Buffer.from('what it is made of'))];
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config.digest, size: config.bytes.length },
    layers: [{ mediaType: 'text/plain', digest: content.digest, size: content.bytes.length }],
    subject: { mediaType, digest: subject.digest, size: subject.bytes.length },
  };
  return {
    mediaType: mediaTypes.manifest,
    manifest: jsonBlob(manifest),
    blobs: [config, content],
    children: [],
  };
}

function referrersOf(referrer: Image): Image {
  const { digest, bytes } = referrer.manifest;
  const manifests = [{ mediaType: referrer.mediaType, digest, size: bytes.length, artifactType }];
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  return {
    mediaType: mediaTypes.index,
    manifest: jsonBlob(index),
    blobs: [],
    children: [referrer],
  };
}
