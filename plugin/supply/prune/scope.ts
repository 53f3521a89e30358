import { AirgapError } from '../../../shared/errors.ts';
import { covers } from '../../../shared/image/prefix.ts';
import { parseReference, repositoryOf } from '../../../shared/image/reference.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import type { Fault } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import type { Lock } from '../lock/document.ts';

export interface Scope {
  /** Repositories that are named one by one. */
  readonly repositories: readonly Repository[];
  /** Below these everything is the mirror's, as far as the registry lists it. */
  readonly prefixes: readonly string[];
  /** Prefixes below those that a policy allows as they are: images that are somebody's own, and no copies. */
  readonly own: readonly string[];
}

/** A prefix whose repositories the registry does not list: only those that were named are looked at. */
export interface Unlisted {
  readonly prefix: string;
  readonly fault: Fault;
}

/**
 * What may be pruned at all: the repositories of `--repository`, or else the targets of the policies and the repositories
 * that the locks copy to. A repository that an image is used from and not copied to is somebody's own.
 */
export function scopeOf(
  repositories: readonly string[],
  locks: readonly Lock[],
  policies: readonly CompiledPolicy[],
): Scope {
  if (repositories.length > 0) return { repositories: repositories.map(parseRepository), prefixes: [], own: [] };
  const prefixes = policies.flatMap(({ verdicts }) =>
    [...verdicts.values()].flatMap((verdict) => (verdict.does === 'rewrite' ? [verdict.target] : [])),
  );
  const own = policies.flatMap(({ verdicts }) =>
    [...verdicts].flatMap(([prefix, verdict]) =>
      verdict.does === 'allow' && verdict.because === 'allowed' ? [prefix] : [],
    ),
  );
  const copies = locks.flatMap(({ images }) =>
    images.flatMap(({ image, mirror }) => {
      const [from, to] = [repositoryIn(image), repositoryIn(mirror ?? image)];
      return from === to ? [] : [to];
    }),
  );
  if (prefixes.length + copies.length === 0)
    throw new AirgapError(
      'usage',
      'Nothing says which repositories are the mirror: the locks name none, and no policy was given.',
      'Name them: --policy FILE, or --repository HOST/PATH.',
    );
  return { repositories: [...new Set(copies)].map(parseRepository), prefixes: [...new Set(prefixes)], own };
}

/** The hosts that have to be asked. */
export function hostsOf({ repositories, prefixes }: Scope): string[] {
  return [...new Set([...repositories.map(({ host }) => host), ...prefixes.map(hostIn)])];
}

/** The repositories of the scope: the named ones, and those that the registries list below its prefixes. */
export async function repositoriesIn(
  registries: Registries,
  { repositories, prefixes, own }: Scope,
): Promise<{ readonly repositories: readonly Repository[]; readonly unlisted: readonly Unlisted[] }> {
  const found = new Map(repositories.map((repository) => [`${repository.host}/${repository.path}`, repository]));
  const unlisted: Unlisted[] = [];
  for (const [host, below] of Map.groupBy(prefixes, hostIn)) {
    const catalog = await registries.catalog(host);
    if (!catalog.ok) unlisted.push(...below.map((prefix) => ({ prefix, fault: catalog.fault })));
    else
      for (const path of catalog.value)
        if (isCopy(`${host}/${path}`, below, own)) found.set(`${host}/${path}`, { host, path });
  }
  return { repositories: [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one), unlisted };
}

/** Below a target, and not below an allowed prefix that says more. */
function isCopy(repository: string, targets: readonly string[], own: readonly string[]): boolean {
  const longest = (prefixes: readonly string[]): number =>
    Math.max(0, ...prefixes.filter((prefix) => covers(prefix, repository)).map((prefix) => prefix.length));
  return longest(targets) > 0 && longest(targets) >= longest(own) && parseReference(repository).ok;
}

function parseRepository(written: string): Repository {
  const parsed = parseReference(written);
  if (!parsed.ok) throw new AirgapError('usage', parsed.reason, 'Write it as HOST/PATH.');
  const { host, path, tag, digest } = parsed.reference;
  if (tag !== null || digest !== null || !written.startsWith(`${host}/`))
    throw new AirgapError(
      'usage',
      `"${written}" is not a repository with its host and without a tag.`,
      'Write it as in registry.example:5000/library/nginx.',
    );
  return { host, path };
}

function repositoryIn(image: string): string {
  const parsed = parseReference(image);
  if (!parsed.ok) throw new TypeError(`a lock holds only references: ${parsed.reason}`);
  return repositoryOf(parsed.reference);
}

function hostIn(prefix: string): string {
  return prefix.split('/')[0] ?? prefix;
}
