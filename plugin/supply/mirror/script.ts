import { shell } from '../../doctor/shell.ts';
import { parseNamedHost } from '../../registry/named-hosts.ts';
import { copiesOf, type Copy } from './copies.ts';
import type { End } from './end.ts';
import { endText } from './end.ts';
import type { Engine } from './engines/engine.ts';
import { folderLock } from './folder/contents.ts';
import { lockOf, type ReachRequest } from './open-ends.ts';

export interface ScriptRequest extends Pick<ReachRequest, 'registries' | 'registryCa'> {
  readonly file: string | undefined;
  readonly from: End;
  readonly to: End;
  readonly engine: Engine['name'];
}

/** One command of the script: what is copied, and where to. */
interface Line {
  readonly digest: string;
  readonly platforms: readonly string[];
  readonly from: string;
  readonly to: string;
}

/**
 * What a run would do as a shell script, for a machine that has the engine and not this program. It copies by digest, but
 * nothing of what `run` adds: no reading back, no second try, and one image after the other.
 */
export async function mirrorScript(request: ScriptRequest): Promise<string> {
  const { from, to, engine, registryCa } = request;
  const { lock, file } = await lockOf(request.file, from);
  const { copies } = copiesOf(lock, to);
  const lines = copies.flatMap((copy) => linesOf(copy, request, lock.platforms));
  return [
    '#!/bin/sh',
    `# What ${file} pins, from ${endText(from)} to ${endText(to)}, by ${engine}. Log in first: ${engine === 'regctl' ? 'regctl registry login HOST' : 'skopeo login HOST'}`,
    ...(registryCa === undefined ? [] : [`# Let it trust the certificates of ${registryCa} first.`]),
    '# Goes on after a failure; the exit code tells of it.',
    'failed=0',
    `copy() { ${command(request)} "$@" || { echo "failed: $*" >&2; failed=1; }; }`,
    ...lines.map((line) => `copy ${words(engine, line).map(shell).join(' ')}`),
    ...(to.kind === 'folder'
      ? [`[ $failed = 1 ] || cp ${shell(file)} ${shell(`${to.path}/${folderLock}`)}`]
      : [`# Then read back what came: kubectl airgap verify --no-cluster --lock ${shell(file)}`]),
    'exit $failed',
    '',
  ].join('\n');
}

function linesOf(
  { locked, source, target, tag }: Copy,
  { from, to, engine }: ScriptRequest,
  platforms: readonly string[],
): Line[] {
  const name = ({ host, path }: Copy['source']): string => `${host}/${path}`;
  const at = (side: End, what: Copy['source'], digest: string, called: string | null): string => {
    const image = called === null ? `${name(what)}@${digest}` : `${name(what)}:${called}`;
    if (side.kind === 'registry') return engine === 'regctl' ? image : `docker://${image}`;
    return engine === 'regctl' ? `ocidir://${side.path}@${digest}` : `oci:${side.path}:${image}`;
  };
  // A folder's names are those of the lock, whatever the mirror calls the image.
  const own = locked.image.slice(name(source).length + 1);
  const called = locked.image.includes('@') || own === '' ? null : own;
  return [
    {
      digest: locked.digest,
      platforms,
      from: at(from, source, locked.digest, from.kind === 'folder' ? called : null),
      to: at(to, target, locked.digest, to.kind === 'folder' ? called : tag),
    },
    ...locked.artifacts.map((one) => ({
      digest: one.digest,
      platforms: [],
      from: at(from, source, one.digest, from.kind === 'folder' ? one.tag : null),
      to: at(to, target, one.digest, one.tag),
    })),
  ];
}

function words(engine: Engine['name'], { platforms, from, to }: Line): string[] {
  const some = engine === 'regctl' ? platforms.flatMap((platform) => ['--platforms', platform]) : ['--all'];
  return [...some, from, to];
}

function command({ engine, registries }: ScriptRequest): string {
  const plain = registries.map(parseNamedHost).filter(({ plainHttp }) => plainHttp);
  if (engine === 'regctl') {
    const hosts = plain.map(({ host }) => ` --host ${shell(`reg=${host},tls=disabled`)}`).join('');
    return `regctl${hosts} image copy`;
  }
  const tls = plain.length === 0 ? '' : ' --src-tls-verify=false --dest-tls-verify=false';
  return `skopeo copy --preserve-digests --retry-times 5${tls}`;
}
