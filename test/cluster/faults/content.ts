import { randomBytes } from 'node:crypto';
import {
  endlessHeaders,
  garbleLayers,
  html,
  oddManifest,
  redirectBlobs,
  redirectInCircles,
  refuse,
  schemaOne,
  stallLayers,
  truncateLayers,
} from '../registry/behaviours.ts';
import { blobOf, makeLayer } from '../../../image/oci.ts';
import { busyboxLayer, makeImage, makeIndex, type Image } from '../registry/image.ts';
import { faultOfHost, type Fault } from './fault.ts';
import type { CauseId } from '../../../plugin/doctor/causes/ids.ts';
import { copyFrom } from './paste.ts';
import type { Behaviour } from '../registry/faulty.ts';

const otherPlatform = process.arch === 'arm64' ? 'linux/amd64' : 'linux/arm64';
const thisPlatform = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

/** Each has layers of its own: the node would take a layer from the image next to it. */
const behaving = (id: string, cause: CauseId, behaviour: Behaviour): Fault => {
  const host = `${id}.example.com`;
  return {
    ...faultOfHost(id, cause, ({ faulty }) => faulty.behave(host, behaviour)),
    image: `${host}/shop/${id}:1`,
    arrange: async (stage) => {
      stage.introduce(host);
      stage.faulty.add(`shop/${id}`, '1', await largeImage(id));
      stage.faulty.behave(host, behaviour);
    },
  };
};

const inMain = (
  id: string,
  cause: CauseId,
  broken: (() => Promise<Image>) | null,
  good: () => Promise<Image>,
): Fault => ({
  id,
  causes: [cause],
  image: `registry.example.com/shop/${id}:1`,
  ...(broken === null
    ? {}
    : {
        arrange: async ({ cluster }) => void (await cluster.registries.main.push(`shop/${id}:1`, await broken())),
      }),
  cure: async ({ cluster }) => void (await cluster.registries.main.push(`shop/${id}:1`, await good())),
  // What was pulled under the same tag before must not be taken for the new one.
  container: { imagePullPolicy: 'Always' },
});

/** Cured by copying a good image in from another repository, as one would from an archive. */
const copiedIn = (
  id: string,
  cause: CauseId,
  broken: (() => Promise<Image>) | null,
  good: () => Promise<Image>,
): Fault => ({
  ...inMain(id, cause, broken, good),
  arrange: async ({ cluster: { registries } }) => {
    if (broken !== null) await registries.main.push(`shop/${id}:1`, await broken());
    await registries.main.push(`originals/${id}:1`, await good());
  },
  cure: () => {},
  paste: copyFrom(`registry.example.com/originals/${id}:1`),
});

export const contentFaults: readonly Fault[] = [
  copiedIn('no-repository', 'image-not-found', null, () => makeImage({ label: 'late' })),
  {
    ...copiedIn(
      'no-tag',
      'image-not-found',
      () => makeImage({ label: 'one' }),
      () => makeImage({ label: 'two' }),
    ),
    image: 'registry.example.com/shop/no-tag:2',
  },
  copiedIn(
    'one-platform',
    'platform-missing',
    () => makeIndex([otherPlatform], { label: 'one platform' }),
    () => makeIndex([otherPlatform, thisPlatform], { label: 'both platforms' }),
  ),
  inMain('not-a-tar', 'layer-extract-failed', brokenImage, () => makeImage({ label: 'mended' })),
  // containerd passes over a layer of a kind it does not know, and then lacks its snapshot.
  inMain('odd-layer', 'node-content-corrupt', oddImage, () => makeImage({ label: 'plain type' })),
  behaving('garbled', 'digest-mismatch', garbleLayers),
  behaving('truncated', 'layer-truncated', truncateLayers),
  behaving('stalled', 'pull-timeout', stallLayers),
  behaving('schema-one', 'schema1-removed', schemaOne),
  behaving('odd-manifest', 'media-type-unsupported', oddManifest),
  behaving('portal', 'captive-portal', html),
  behaving('busy', 'rate-limited', refuse(429, 'TOOMANYREQUESTS', 'too many requests', { 'retry-after': '60' })),
  behaving('error-500', 'registry-error', refuse(500, 'UNKNOWN', 'internal error')),
  behaving('error-503', 'registry-error', refuse(503, 'UNAVAILABLE', 'down for maintenance')),
  behaving(
    'policy',
    'registry-policy',
    refuse(412, 'PROJECTPOLICYVIOLATION', 'cannot be pulled due to configured policy'),
  ),
  {
    ...behaving('store-gone', 'redirect-unreachable', redirectBlobs('https://object-store.example.com')),
    causes: ['redirect-unreachable', 'dns-not-found'],
  },
  behaving('circle', 'redirect-unreachable', redirectInCircles),
  behaving('long-headers', 'registry-error', endlessHeaders),
];

/** Its layer cannot be compressed and is longer than what a client writes in one go. */
export async function largeImage(id: string): Promise<Image> {
  const ballast = await makeLayer([{ name: `etc/${id}`, content: randomBytes(4_000_000) }]);
  return makeImage({ label: id, layers: [await busyboxLayer(), ballast] });
}

function brokenImage(): Promise<Image> {
  const blob = blobOf(Buffer.from('this is no archive at all, whatever the manifest says'));
  return makeImage({ label: 'broken', layers: [{ ...blob, diffId: blob.digest }] });
}

/** An image whose layer is of a kind that no runtime unpacks. */
async function oddImage(): Promise<Image> {
  const image = await largeImage('odd-layer');
  const text = image.manifest.bytes
    .toString()
    .replaceAll('application/vnd.oci.image.layer.v1.tar+gzip', 'application/vnd.example.layer.v1.squashfs');
  return { ...image, manifest: blobOf(Buffer.from(text)) };
}
