import { stringify } from 'yaml';
import { shell } from '../../doctor/shell.ts';
import type { Exporter } from './exporter.ts';
import { pairsOf, tagOf, type Pair } from './pair.ts';

/**
 * For skopeo: a script of `skopeo copy` with every name and digest, and `skopeo-sync.yml` for those who sync. The sync
 * format has no name for the target and either a tag or a digest, so it carries less, and the warnings say what.
 */
export const skopeo: Exporter = (lock, { plainHttp }) => {
  const { pairs, warnings } = pairsOf(lock);
  return {
    files: [
      { path: 'skopeo-copy.sh', text: script(pairs, plainHttp, lock.platforms), executable: true },
      { path: 'skopeo-sync.yml', text: stringify(syncList(pairs, plainHttp), { lineWidth: 0 }) },
    ],
    warnings: [
      ...warnings,
      ...(lock.platforms.length === 0
        ? []
        : [
            `skopeo copies every platform of an index and keeps its digest; it cannot be told ${lock.platforms.join(', ')}`,
          ]),
      ...signed(pairs),
      ...renamed(pairs),
      'skopeo-sync.yml names images by tag: a tag that has moved since the lock was made copies something else; skopeo-copy.sh copies by digest',
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

function syncList(pairs: readonly Pair[], plainHttp: readonly string[]): object {
  const hosts = new Map<string, Map<string, string[]>>();
  for (const pair of pairs) {
    const images = hosts.get(pair.source.host) ?? new Map<string, string[]>();
    const tags = images.get(pair.source.path) ?? [];
    images.set(pair.source.path, [...tags, pair.source.tag ?? pair.source.digest ?? 'latest']);
    hosts.set(pair.source.host, images);
  }
  return Object.fromEntries(
    [...hosts].map(([host, images]) => [
      host,
      { ...(plainHttp.includes(host) ? { 'tls-verify': false } : {}), images: Object.fromEntries(images) },
    ]),
  );
}

function renamed(pairs: readonly Pair[]): string[] {
  const other = pairs.filter(
    ({ sourceRepository, targetRepository }) => !targetRepository.endsWith(`/${sourceRepository}`),
  );
  if (other.length === 0) return [];
  return [
    `skopeo-sync.yml cannot give ${other.length} images the name that the policy expects, such as ${other[0]?.targetRepository}: skopeo sync --scoped puts them under their full source name, and without --scoped images of the same last name overwrite each other`,
  ];
}

function signed(pairs: readonly Pair[]): string[] {
  const referrers = pairs.filter(({ locked }) => locked.artifacts.some(({ tag }) => tag === null));
  return referrers.length === 0
    ? []
    : [
        `skopeo does not copy OCI referrers: ${referrers.length} images have some, such as ${referrers[0]?.locked.image}`,
      ];
}
