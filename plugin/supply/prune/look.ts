import type { Fault } from '../../../shared/registry/fault.ts';
import { inTurns } from '../../in-turns.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import { nameOf, type RepositoryContent } from './content.ts';
import { recognise, type Recognised } from './products.ts';
import { repositoriesIn, type Scope, type Unlisted } from './scope.ts';
import { sortOut, type Keep, type Sorted } from './sort-out.ts';
import { survey } from './survey.ts';

/** A repository as it was seen, and what may go; or why it could not be seen whole. */
export type Looked =
  | {
      readonly seen: true;
      readonly repository: Repository;
      readonly content: RepositoryContent;
      readonly sorted: Sorted;
    }
  | { readonly seen: false; readonly repository: Repository; readonly fault: Fault };

export interface Look {
  readonly repositories: readonly Looked[];
  readonly unlisted: readonly Unlisted[];
  readonly hosts: ReadonlyMap<string, Recognised>;
}

/** Repositories that are read side by side. */
const parallel = 4;

/** Reads every repository of the scope and divides what it holds. */
export async function look(
  registries: Registries,
  scope: Scope,
  keep: Keep,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (line: string) => void },
): Promise<Look> {
  const { repositories, unlisted } = await repositoriesIn(registries, scope);
  const looked = await inTurns(repositories, parallel, async (repository): Promise<Looked> => {
    signal.throwIfAborted();
    const name = nameOf(repository);
    progress(`Reading ${name}…`);
    const wanted = { tags: [...(keep.tags.get(name) ?? [])], digests: [...(keep.lockedIn.get(name) ?? [])] };
    const found = await survey(registries, repository, wanted);
    if ('fault' in found) return { seen: false, repository, fault: found.fault };
    return { seen: true, repository, content: found, sorted: sortOut(found, keep) };
  });
  const hosts = new Map<string, Recognised>();
  for (const host of new Set(repositories.map((repository) => repository.host))) {
    const greeting = await registries.ping(host);
    hosts.set(host, recognise(host, greeting.ok ? greeting.value.headers : {}));
  }
  return { repositories: looked, unlisted, hosts };
}
