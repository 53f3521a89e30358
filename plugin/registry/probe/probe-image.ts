import type { Outcome } from '../../../shared/registry/fault.ts';
import type { ImageProbe, ProbeStep } from '../../../shared/registry/probe.ts';
import type { Registries } from '../client.ts';
import type { FetchedManifest } from '../fetch-manifest.ts';
import type { Keychain } from '../keychain.ts';
import { platformName, type Manifest } from '../manifest.ts';
import { probeBlobs } from './probe-blobs.ts';
import { readPlatform } from '../read-platform.ts';
import type { Asker } from './pod-login.ts';
import { failed, faulted, passed } from './steps.ts';
import type { WantedImage } from './wanted-images.ts';

/**
 * Asks for an image as a node would: its manifest, then whether it has the nodes' platforms and, where a pod waits for
 * it, the manifest of the platform and the first bytes of everything it needs.
 */
export async function probeImage(
  registries: Registries,
  wanted: WantedImage,
  { keychain, as }: Asker,
  own: Keychain,
): Promise<ImageProbe> {
  const { reference, image, original, failing, namespace, pullSecrets } = wanted;
  const repository = { host: reference.host, path: reference.path };
  const asked = registries.as(keychain);
  const steps: ProbeStep[] = [];
  let digests: readonly string[] = [];
  const end = (platforms: readonly string[], ownLogin: boolean | null = null): ImageProbe => ({
    image,
    original,
    namespace,
    pullSecrets,
    failing,
    as,
    steps,
    ownLogin,
    platforms,
    digests,
    wanted: wanted.platforms,
  });

  const tagOrDigest = reference.digest ?? reference.tag ?? 'latest';
  const fetched = await asked.manifest(repository, tagOrDigest);
  steps.push(manifestStep(reference.host, fetched));
  if (!fetched.ok) {
    const refused = ['unauthorized', 'denied', 'not-found'].includes(fetched.fault.code);
    const login = refused && failing && keychain !== own ? await own(`${reference.host}/${reference.path}`) : null;
    return end([], login === null ? null : (await registries.as(own).manifest(repository, tagOrDigest)).ok);
  }
  const { manifest } = fetched.value;
  if (manifest.kind !== 'index' && manifest.kind !== 'image') return end([]);

  digests = [fetched.value.digest, ...partsOf(manifest)];
  const platforms = await platformsOf(manifest, failing, () => readPlatform(asked, repository, manifest));
  const missing =
    platforms.length === 0
      ? []
      : wanted.platforms.filter((name) => !platforms.some((offered) => serves(offered, name)));
  if (platforms.length > 0 && wanted.platforms.length > 0)
    steps.push(
      missing.length === 0
        ? passed('platforms', reference.host, `it has ${wanted.platforms.join(', ')}`)
        : failed(
            'platforms',
            reference.host,
            'platform-missing',
            `it has ${platforms.join(', ')}, and not ${missing.join(', ')}`,
          ),
    );
  if (failing && missing.length === 0) {
    const needed = await imageFor(asked, repository, manifest, wanted.platforms[0] ?? platforms[0] ?? '');
    if ('step' in needed) steps.push(needed.step);
    else if (needed.image !== null) steps.push(await probeBlobs(asked, repository, needed.image));
  }
  return end(platforms);
}

type Image = Manifest & { readonly kind: 'image' };
type Index = Manifest & { readonly kind: 'index' };

function partsOf(manifest: Image | Index): string[] {
  return manifest.kind === 'image' ? [manifest.config.digest] : manifest.children.map(({ digest }) => digest);
}

function manifestStep(host: string, fetched: Outcome<FetchedManifest>): ProbeStep {
  if (!fetched.ok) return faulted('manifest', fetched.fault);
  const { manifest, digest } = fetched.value;
  if (manifest.kind === 'schema1')
    return failed('manifest', host, 'schema1', 'it is a schema 1 manifest, which containerd 2 no longer reads');
  if (manifest.kind === 'html')
    return failed('manifest', host, 'not-a-registry', 'it answered with a web page in place of the manifest');
  if (manifest.kind !== 'unknown') return passed('manifest', host, digest);
  const type = manifest.mediaType === '' ? 'no media type' : `the media type ${manifest.mediaType}`;
  return failed('manifest', host, 'media-type', `it has ${type}: ${manifest.why}`);
}

async function platformsOf(
  manifest: Image | Index,
  failing: boolean,
  readOwn: () => Promise<string | null>,
): Promise<string[]> {
  if (manifest.kind === 'index') {
    // Attestations stand in an index as images for the platform `unknown/unknown`.
    const named = manifest.children.flatMap(({ platform }) => (platform === null ? [] : platformName(platform)));
    return [...new Set(named)].filter((name) => !name.startsWith('unknown/')).toSorted();
  }
  // An image that runs has shown its platform already; only one that waits is worth another request.
  const own = failing ? await readOwn() : null;
  return own === null ? [] : [own];
}

/** A node knows its architecture without the variant, so any variant counts. */
function serves(offered: string, wanted: string): boolean {
  return offered === wanted || offered.startsWith(`${wanted}/`);
}

async function imageFor(
  asked: Registries,
  repository: { readonly host: string; readonly path: string },
  manifest: Image | Index,
  platform: string,
): Promise<{ readonly image: Image | null } | { readonly step: ProbeStep }> {
  if (manifest.kind === 'image') return { image: manifest };
  const child = manifest.children.find((one) => one.platform !== null && serves(platformName(one.platform), platform));
  if (child === undefined) return { image: null };
  const fetched = await asked.manifest(repository, child.digest);
  if (!fetched.ok) {
    const detail = `its index is there, but the manifest for ${platform} is not: ${fetched.fault.detail}`;
    return { step: faulted('manifest', { ...fetched.fault, detail }) };
  }
  return fetched.value.manifest.kind === 'image'
    ? { image: fetched.value.manifest }
    : { step: manifestStep(repository.host, fetched) };
}
