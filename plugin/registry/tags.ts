import type { Outcome } from '../../shared/registry/fault.ts';
import type { Line, Repository } from './line.ts';
import { listNames } from './name-list.ts';

/** Every tag of a repository, page by page, sorted. */
export function listTags(line: Line, repository: Repository): Promise<Outcome<readonly string[]>> {
  return listNames(line, `/v2/${repository.path}/tags/list`, 'tags');
}

/** Every repository that a registry tells of, sorted; many registries keep this list to administrators, or have none. */
export function listRepositories(line: Line): Promise<Outcome<readonly string[]>> {
  return listNames(line, '/v2/_catalog', 'repositories');
}
