import { stringify } from 'yaml';
import type { Exporter } from './exporter.ts';
import { plainHttpElsewhere, toOneRegistry } from './cannot.ts';
import { pairsOf, tagOf } from './pair.ts';

/**
 * A manifest for `hauler store sync` (content.hauler.cattle.io/v1). Each image by digest, with `rewrite` giving the name
 * and the tag that the policy expects; releases before 2.1 keep only one of two digests of a repository without it.
 */
export const hauler: Exporter = (lock, { name, plainHttp }) => {
  const { pairs, warnings } = pairsOf(lock);
  const [platform, ...others] = lock.platforms;
  const single = platform !== undefined && others.length === 0;
  const images = pairs.map((pair) => ({
    name: `${pair.sourceRepository}@${pair.locked.digest}`,
    rewrite: `${pair.target.path}:${tagOf(pair)}`,
    ...(single ? { platform } : {}),
  }));
  const document = (kind: string, title: string, spec: object): string =>
    stringify({ apiVersion: 'content.hauler.cattle.io/v1', kind, metadata: { name: title }, spec }, { lineWidth: 0 });
  return {
    files: [
      {
        path: 'hauler-manifest.yaml',
        text: `${document('Images', `${name}-images`, { images })}---\n${document('Files', `${name}-files`, {
          files: ['airgap.lock.yaml', ...(lock.files ?? []).map(({ source }) => source)].map((source) => ({
            path: `./${source}`,
            name: source.split('/').at(-1),
          })),
        })}`,
      },
    ],
    warnings: [
      ...warnings,
      ...toOneRegistry('hauler', pairs),
      ...plainHttpElsewhere('hauler', 'run hauler store copy with --plain-http', plainHttp),
      ...(others.length > 0
        ? [`hauler takes one platform or all: all are copied, not only ${lock.platforms.join(', ')}`]
        : []),
      ...(single
        ? ['with one platform hauler stores the manifest of that platform: the digest of the index is not kept']
        : []),
    ],
  };
};
