import { stringify } from 'yaml';
import type { Exporter } from './exporter.ts';
import { filesLeftOut, plainHttpElsewhere, withoutReferrers } from './cannot.ts';
import { pairsOf, tagOf, type Pair } from './pair.ts';

/** Zarf packages hold one architecture each. */
function architectures(platforms: readonly string[], pairs: readonly Pair[]): string[] {
  const named =
    platforms.length > 0
      ? platforms
      : pairs.flatMap(({ locked }) => locked.manifests.flatMap(({ platform }) => platform ?? []));
  const own = [...new Set(named.map((platform) => platform.split('/')[1] ?? 'amd64'))].filter(
    (name) => name !== 'unknown',
  );
  return own.length === 0 ? ['amd64'] : own.toSorted();
}

/** `zarf.yaml` (zarf.dev/v1alpha1), one for each architecture. */
export const zarf: Exporter = (lock, { name, plainHttp }) => {
  const { pairs, warnings } = pairsOf(lock);
  // Signatures come along where they are named as images, and by tag, because that is how cosign finds them.
  const images = pairs.flatMap((pair) => [
    `${pair.sourceRepository}:${tagOf(pair)}@${pair.locked.digest}`,
    ...pair.locked.artifacts.flatMap(({ tag }) => (tag === null ? [] : [`${pair.sourceRepository}:${tag}`])),
  ]);
  const all = architectures(lock.platforms, pairs);
  const bases = new Set(pairs.map(baseOf));
  return {
    files: all.map((architecture) => ({
      path: all.length === 1 ? 'zarf.yaml' : `${architecture}/zarf.yaml`,
      text: stringify(
        {
          apiVersion: 'zarf.dev/v1alpha1',
          kind: 'ZarfPackageConfig',
          metadata: { name, description: 'The images of airgap.lock.yaml', version: '0.1.0', architecture },
          components: [{ name: 'images', required: true, images }],
        },
        { lineWidth: 0 },
      ),
    })),
    warnings: [
      ...warnings,
      ...filesLeftOut('this zarf.yaml', lock),
      ...(bases.size > 1
        ? [
            `zarf puts every image below one --registry-url, under the path it had: the names of the policy below ${[...bases].join(', ')} cannot all be made by one run`,
          ]
        : []),
      ...withoutReferrers('zarf', pairs),
      ...plainHttpElsewhere('zarf', 'run it with --plain-http', plainHttp),
      'zarf pushes what is named by digest without its tag: keep the registry from removing untagged images',
      'zarf takes one architecture a package, and keeps the digest of an index only with every platform in it',
    ],
  };
};

/** What the policy has before the path of the source; the whole name where it gives the image another path. */
function baseOf({ source, targetRepository }: Pair): string {
  return targetRepository.endsWith(`/${source.path}`)
    ? targetRepository.slice(0, -source.path.length - 1)
    : targetRepository;
}

/** `uds-bundle.yaml` that holds the package `zarf` makes. */
export const uds: Exporter = (lock, options) => {
  const { name } = options;
  const { pairs } = pairsOf(lock);
  const all = architectures(lock.platforms, pairs);
  return {
    files: all.map((architecture) => ({
      path: all.length === 1 ? 'uds-bundle.yaml' : `${architecture}/uds-bundle.yaml`,
      text: stringify(
        {
          kind: 'UDSBundle',
          metadata: { name, description: 'The images of airgap.lock.yaml', version: '0.1.0', architecture },
          packages: [{ name, path: `./zarf-package-${name}-${architecture}-0.1.0.tar.zst`, ref: '0.1.0' }],
        },
        { lineWidth: 0 },
      ),
    })),
    warnings: [
      ...zarf(lock, options).warnings,
      'a bundle holds packages, not images: make the package first with export --to zarf and zarf package create',
    ],
  };
};
