import type { Exporter } from './exporter.ts';
import { withoutAddresses } from './cannot.ts';
import { prefixRules, splitPrefix } from './prefixes.ts';

/**
 * A drop-in for `/etc/containers/registries.conf.d`, version 2: CRI-O, Podman and skopeo read it. `blocked` keeps them
 * from ever asking the registry itself, and a miss then names both the mirror and the block.
 */
export const crio: Exporter = (lock, { plainHttp }) => {
  const { pairs, warnings } = withoutAddresses('CRI-O', lock);
  const sections = prefixRules(pairs).map(({ source, target }) =>
    [
      '[[registry]]',
      `prefix = ${JSON.stringify(source)}`,
      `location = ${JSON.stringify(source)}`,
      'blocked = true',
      '',
      '[[registry.mirror]]',
      `location = ${JSON.stringify(target)}`,
      ...(plainHttp.includes(splitPrefix(target).host) ? ['insecure = true'] : []),
      'pull-from-mirror = "all"',
    ].join('\n'),
  );
  return { files: [{ path: 'registries.conf.d/50-airgap.conf', text: `${sections.join('\n\n')}\n` }], warnings };
};
