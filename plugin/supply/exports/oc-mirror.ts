import { stringify } from 'yaml';
import type { Exporter } from './exporter.ts';
import { filesLeftOut, plainHttpElsewhere, toOneRegistry, withoutAddresses, withoutReferrers } from './cannot.ts';
import { tagOf } from './pair.ts';

/** ImageSetConfiguration of oc-mirror v2. Older releases refuse `targetRepo`, `targetTag` and `platforms`. */
export const ocMirror: Exporter = (lock, { plainHttp }) => {
  const { pairs, warnings } = withoutAddresses('oc-mirror', lock);
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
          { lineWidth: 0, aliasDuplicateObjects: false },
        ),
      },
    ],
    warnings: [
      ...warnings,
      ...filesLeftOut('oc-mirror', lock),
      'targetRepo, targetTag and platforms are refused by older releases of oc-mirror v2',
      ...toOneRegistry('oc-mirror', pairs),
      ...plainHttpElsewhere('oc-mirror', 'run it with --src-tls-verify=false or --dest-tls-verify=false', plainHttp),
      ...(lock.platforms.some((platform) => platform.split('/').length > 2)
        ? ['oc-mirror knows no variant of an architecture: all variants are copied, such as arm/v6 beside arm/v7']
        : []),
      ...(pairs.some(({ locked }) => locked.artifacts.some(({ tag }) => tag !== null && !tag.endsWith('.sig')))
        ? ["oc-mirror copies cosign's signatures, and not its attestations and lists of parts (.att, .sbom)"]
        : []),
      ...withoutReferrers('oc-mirror', pairs),
    ],
  };
};
