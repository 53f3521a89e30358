import { shell } from '../../doctor/shell.ts';
import type { Exporter } from './exporter.ts';
import { filesLeftOut, withoutAddresses, withoutReferrers } from './cannot.ts';
import { tagOf, type Pair } from './pair.ts';
import { syncList } from './skopeo-sync.ts';

/**
 * For skopeo: a script of `skopeo copy` with every name and digest, and for those who sync `skopeo-sync.yml`, which
 * carries less: the warnings say what.
 */
export const skopeo: Exporter = (lock, { plainHttp }) => {
  const { pairs, warnings } = withoutAddresses('skopeo', lock);
  const sync = syncList(pairs, plainHttp);
  return {
    files: [
      { path: 'skopeo-copy.sh', text: script(pairs, plainHttp, lock.platforms), executable: true },
      { path: 'skopeo-sync.yml', text: sync.text },
    ],
    warnings: [
      ...warnings,
      ...filesLeftOut('skopeo', lock),
      ...(lock.platforms.length === 0
        ? []
        : [
            `skopeo copies every platform of an index and keeps its digest; it cannot be told ${lock.platforms.join(', ')}`,
          ]),
      ...withoutReferrers('skopeo', pairs),
      ...sync.warnings,
    ],
  };
};

function script(pairs: readonly Pair[], plainHttp: readonly string[], platforms: readonly string[]): string {
  const lines = pairs.flatMap((pair) => {
    const flags = [
      '--all',
      '--preserve-digests',
      '--retry-times 5',
      ...(plainHttp.includes(pair.source.host) ? ['--src-tls-verify=false'] : []),
      ...(plainHttp.includes(pair.target.host) ? ['--dest-tls-verify=false'] : []),
    ].join(' ');
    const copy = (from: string, to: string): string =>
      `copy ${flags} ${shell(`docker://${pair.sourceRepository}${from}`)} ${shell(`docker://${pair.targetRepository}${to}`)}`;
    const tags = pair.locked.artifacts.flatMap(({ tag, digest }) =>
      tag === null ? [] : [copy(`@${digest}`, `:${tag}`)],
    );
    return [copy(`@${pair.locked.digest}`, `:${tagOf(pair)}`), ...tags];
  });
  const about = platforms.length === 0 ? 'all platforms' : `locked for ${platforms.join(', ')}`;
  return [
    '#!/bin/sh',
    `# Copies every image of the lock by digest (${about}). Goes on after a failure; the exit code tells of it.`,
    'failed=0',
    'copy() { skopeo copy "$@" || { echo "failed: $*" >&2; failed=1; }; }',
    ...lines,
    'exit $failed',
    '',
  ].join('\n');
}
