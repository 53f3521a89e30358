import { stringify } from 'yaml';
import { shell } from '../../doctor/shell.ts';
import { tagOf, type Pair } from './pair.ts';

/** A list for `skopeo sync`, with the command to run it by, and what it cannot carry. */
export interface SyncList {
  readonly text: string;
  readonly warnings: readonly string[];
}

/**
 * `skopeo sync` names copies by one of two rules: the last part of the name below a prefix, or with `--scoped` the whole
 * source name below it. The list has no name for a target, one tag or digest an image, and no platforms.
 */
export function syncList(pairs: readonly Pair[], plainHttp: readonly string[]): SyncList {
  const scoped = commonPrefix(pairs, ({ sourceRepository }) => sourceRepository);
  const collisions = collide(pairs);
  const prefix = scoped ?? (collisions.length === 0 ? commonPrefix(pairs, lastPart) : undefined);
  const flags = [
    '--all --preserve-digests --keep-going --retry-times 5',
    ...(scoped === undefined ? [] : ['--scoped']),
    ...(pairs.some(({ target }) => plainHttp.includes(target.host)) ? ['--dest-tls-verify=false'] : []),
  ].join(' ');
  const how =
    prefix === undefined
      ? ' No run of skopeo sync gives these images the names of the policy: use skopeo-copy.sh.'
      : ` skopeo sync ${flags} --src yaml --dest docker skopeo-sync.yml ${shell(prefix)}`;
  return {
    text: `#${how}\n${stringify(listed(pairs, plainHttp), { lineWidth: 0 })}`,
    warnings: [
      ...(prefix === undefined && pairs.length > 0
        ? ['no run of skopeo sync gives every image the name that the policy expects: use skopeo-copy.sh']
        : []),
      ...collisions.map(
        ([one, other]) =>
          `skopeo sync without --scoped gives ${one.locked.image} and ${other.locked.image} the same name, and the later one takes the place of the other`,
      ),
      'skopeo-sync.yml names images by tag: a tag that has moved since the lock was made copies something else; skopeo-copy.sh copies by digest',
      ...(pairs.some(({ source }) => source.tag === null && source.digest !== null)
        ? ['skopeo sync gives no tag to an image that is named by digest alone; skopeo-copy.sh does']
        : []),
    ],
  };
}

/** What every target has before `suffix` of its pair; undefined where they differ, or where the name would be invalid. */
function commonPrefix(pairs: readonly Pair[], suffix: (pair: Pair) => string): string | undefined {
  const prefixes = new Set(
    pairs.map((pair) => {
      const end = `/${suffix(pair)}`;
      // A port below the prefix would be read as a tag.
      return !end.includes(':') && pair.targetRepository.endsWith(end)
        ? pair.targetRepository.slice(0, -end.length)
        : undefined;
    }),
  );
  return prefixes.size === 1 ? [...prefixes][0] : undefined;
}

function lastPart({ sourceRepository }: Pair): string {
  return sourceRepository.slice(sourceRepository.lastIndexOf('/') + 1);
}

/** The first two of each group that only `--scoped` or a copy by name keeps apart. */
function collide(pairs: readonly Pair[]): readonly (readonly [Pair, Pair])[] {
  const groups = Map.groupBy(pairs, (pair) => `${lastPart(pair)}:${tagOf(pair)}`);
  return [...groups.values()].flatMap(([one, other]) => (one && other ? [[one, other] as const] : []));
}

/** The tag or digest to sync, and cosign's tags about it. */
function namesOf({ source, locked }: Pair): string[] {
  const own = source.tag ?? source.digest ?? 'latest';
  return [own, ...locked.artifacts.flatMap(({ tag }) => (tag === null ? [] : [tag]))];
}

function listed(pairs: readonly Pair[], plainHttp: readonly string[]): object {
  const hosts = Map.groupBy(pairs, ({ source }) => source.host);
  return Object.fromEntries(
    [...hosts].map(([host, own]) => [
      host,
      {
        ...(plainHttp.includes(host) ? { 'tls-verify': false } : {}),
        images: Object.fromEntries(
          [...Map.groupBy(own, ({ source }) => source.path)].map(([repository, named]) => [
            repository,
            [...new Set(named.flatMap(namesOf))],
          ]),
        ),
      },
    ]),
  );
}
