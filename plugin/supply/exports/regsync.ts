import { stringify } from 'yaml';
import type { Exporter } from './exporter.ts';
import { filesLeftOut } from './cannot.ts';
import { pairsOf, tagOf } from './pair.ts';

/**
 * `regsync.yml` of regclient: the only one of these formats that carries new names, digests, platforms, signatures and
 * parallel copies together. https://regclient.org is where its fields are described.
 */
export const regsync: Exporter = (lock, { plainHttp }) => {
  const { pairs, warnings } = pairsOf(lock);
  const document = {
    version: 1,
    ...(plainHttp.length === 0 ? {} : { creds: plainHttp.map((registry) => ({ registry, tls: 'disabled' })) }),
    defaults: { parallel: 4, digestTags: true, referrers: true, ratelimit: { min: 50, retry: '15m' } },
    sync: pairs.map((pair) => ({
      source: `${pair.sourceRepository}:${tagOf(pair)}@${pair.locked.digest}`,
      target: `${pair.targetRepository}:${tagOf(pair)}`,
      type: 'image',
      ...(lock.platforms.length === 0 ? {} : { platforms: lock.platforms }),
    })),
  };
  const sparse =
    lock.platforms.length > 0 &&
    pairs.some(({ locked }) => locked.manifests.some(({ digest }) => digest !== locked.digest));
  return {
    files: [{ path: 'regsync.yml', text: stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }) }],
    warnings: [
      ...warnings,
      ...filesLeftOut('regsync', lock),
      ...(sparse
        ? [
            `only ${lock.platforms.join(', ')} is copied, under the digest of the whole index: the mirror must be a registry that allows an index without all of its platforms (distribution 3: validation.manifests.indexes.platforms: none); otherwise lock all platforms`,
          ]
        : []),
    ],
  };
};
