import { stringify } from 'yaml';
import type { Exporter } from './exporter.ts';
import { pairsOf, tagOf, withoutReferrers } from './pair.ts';

/** ImageSetConfiguration of oc-mirror v2. Older releases refuse `targetRepo`, `targetTag` and `platforms`. */
export const ocMirror: Exporter = (lock) => {
  const { pairs, warnings } = pairsOf(lock);
  const platforms = lock.platforms.map((platform) => {
    const [os, architecture] = platform.split('/');
    return { os, architecture };
  });
  const additionalImages = pairs.map((pair) => ({
    name: `${pair.sourceRepository}@${pair.locked.digest}`,
    targetRepo: pair.target.path,
    targetTag: tagOf(pair),
    ...(platforms.length === 0 ? {} : { platforms }),
  }));
  const hosts = new Set(pairs.map(({ target }) => target.host));
  return {
    files: [
      {
        path: 'imageset-config.yaml',
        text: stringify(
          {
            kind: 'ImageSetConfiguration',
            apiVersion: 'mirror.openshift.io/v2alpha1',
            // GiB a tar: four would not fit on FAT32.
            archiveSize: 3,
            mirror: { additionalImages },
          },
          { lineWidth: 0 },
        ),
      },
    ],
    warnings: [
      ...warnings,
      'targetRepo, targetTag and platforms are refused by older releases of oc-mirror v2',
      ...(hosts.size > 1 ? [`oc-mirror copies to one registry a run, and the policy names ${hosts.size}`] : []),
      ...withoutReferrers('oc-mirror', pairs),
    ],
  };
};
