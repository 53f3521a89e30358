import { stringify } from 'yaml';
import { AirgapError } from '../../../shared/errors.ts';
import type { Exporter } from './exporter.ts';
import { pairsOf, someOf, type Pair } from './pair.ts';
import { prefixRules, type PrefixRule } from './prefixes.ts';

/**
 * The ConfigMap of Velero's change-image-name action. Velero replaces text anywhere in the name and stops at the first
 * row that matches, in random order: rules are written so that for every locked image exactly one row can match, and
 * refused where that cannot be.
 */
export const velero: Exporter = (lock) => {
  const { pairs, warnings } = pairsOf(lock);
  const rules = prefixRules(pairs).map(({ source, target }) =>
    pairs.some(({ sourceRepository }) => sourceRepository === source)
      ? { source, target }
      : { source: `${source}/`, target: `${target}/` },
  );
  for (const pair of pairs) refuseAmbiguous(pair, rules);
  const data = Object.fromEntries(rules.map(({ source, target }, index) => [`r${index + 1}`, `${source},${target}`]));
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'change-image-name-config',
      namespace: 'velero',
      labels: { 'velero.io/plugin-config': '', 'velero.io/change-image-name': 'RestoreItemAction' },
    },
    data,
  };
  const short = pairs.filter(({ source }) => source.host === 'docker.io');
  return {
    files: [{ path: 'change-image-name.yaml', text: stringify(object, { lineWidth: 0 }) }],
    warnings: [
      ...warnings,
      ...(short.length === 0
        ? []
        : [
            `Velero compares names as they are written: what manifests write short, such as nginx:1 for docker.io/library/nginx:1, is not changed: ${someOf(short.map(({ locked }) => locked.image))}`,
          ]),
      'Velero changes containers and init containers only: not ephemeral containers, image volumes, environment variables or custom resources',
    ],
  };
};

/** What Velero makes of a name when this row is the one it comes to first. */
export function applyRow(image: string, { source, target }: PrefixRule): string {
  return image.includes(source) ? image.replaceAll(source, target) : image;
}

function refuseAmbiguous({ locked, sourceRepository, targetRepository }: Pair, rules: readonly PrefixRule[]): void {
  const suffix = locked.image.slice(sourceRepository.length);
  const results = new Set(
    rules.filter(({ source }) => locked.image.includes(source)).map((rule) => applyRow(locked.image, rule)),
  );
  if (results.size === 1 && results.has(`${targetRepository}${suffix}`)) return;
  throw new AirgapError(
    'input',
    `Velero cannot be told to change ${locked.image} alone: its rows match anywhere in a name and in random order, and give ${[...results].join(' or ') || 'nothing'}.`,
    'Let the policy mirror these images under targets that do not contain each other.',
  );
}
