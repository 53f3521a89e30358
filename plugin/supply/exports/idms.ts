import { stringify } from 'yaml';
import type { Exporter } from './exporter.ts';
import { plainHttpElsewhere, withoutAddresses } from './cannot.ts';

/**
 * OpenShift's ImageDigestMirrorSet and ImageTagMirrorSet (config.openshift.io/v1), by repository: a namespace as the
 * scope goes wrong where the target nests deeper than the source.
 */
export const idms: Exporter = (lock, { name, plainHttp }) => {
  const { pairs, warnings } = withoutAddresses('OpenShift', lock);
  const repositories = new Map(
    pairs.map(({ sourceRepository, targetRepository }) => [sourceRepository, targetRepository]),
  );
  const mirrors = [...repositories].map(([source, target]) => ({
    source,
    mirrors: [target],
    mirrorSourcePolicy: 'NeverContactSource',
  }));
  const set = (kind: string, field: string): string =>
    stringify(
      { apiVersion: 'config.openshift.io/v1', kind, metadata: { name }, spec: { [field]: mirrors } },
      { lineWidth: 0 },
    );
  return {
    files: [
      {
        path: 'mirror-sets.yaml',
        text: `${set('ImageDigestMirrorSet', 'imageDigestMirrors')}---\n${set('ImageTagMirrorSet', 'imageTagMirrors')}`,
      },
    ],
    warnings: [
      ...warnings,
      ...plainHttpElsewhere(
        'OpenShift',
        'name it in insecureRegistries of images.config.openshift.io/cluster',
        plainHttp,
      ),
      'the machine config operator drains and restarts nodes when an ImageTagMirrorSet is made or changed',
    ],
  };
};
