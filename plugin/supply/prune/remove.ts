import type { Fault } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import { nameOf, type RepositoryContent } from './content.ts';
import type { ReportedRemoval } from './report.ts';
import type { Removal } from './sort-out.ts';
import { readTags } from './survey.ts';

export interface RemoveRequest {
  readonly registries: Registries;
  readonly content: RepositoryContent;
  readonly removals: readonly Removal[];
  /** How this registry is allowed to delete, for the case that it refuses. */
  readonly allow: readonly string[];
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/**
 * Removes manifests one after the other, in their order, and stops at the first that is refused: what comes after it may
 * hang on it. Before the first, all tags are read again; where one was added or moved since the look, nothing is removed.
 */
export async function remove(request: RemoveRequest): Promise<ReportedRemoval[]> {
  const { registries, content, removals, signal, progress } = request;
  const results: ReportedRemoval[] = [];
  let stopped = removals.length === 0 ? '' : await changed(registries, content);
  for (const { digest, tags } of removals) {
    // Ctrl-C ends it before the next tag: what one tag led to goes whole, or could not be found again.
    if (stopped === '' && tags.length > 0 && signal.aborted) stopped = 'stopped';
    if (stopped !== '') {
      results.push({ digest, tags, result: results.length === 0 ? 'failed' : 'not-tried', detail: stopped });
      continue;
    }
    progress(`Removing ${nameOf(content.repository)} ${tags[0] ?? digest}`);
    const outcome = await registries.remove(content.repository, digest);
    if (outcome.ok) results.push({ digest, tags, result: outcome.value, detail: '' });
    else {
      results.push({ digest, tags, result: 'failed', detail: why(content.repository, outcome.fault, request.allow) });
      stopped = 'what comes before it was not removed';
    }
  }
  return results;
}

async function changed(registries: Registries, { repository, tags }: RepositoryContent): Promise<string> {
  const now = await readTags(registries, repository, []);
  if (!now.ok) return `its tags cannot be read again: ${now.fault.detail}`;
  const other = [...now.value].find(([tag, digest]) => tags.get(tag) !== digest);
  return other === undefined ? '' : `the tag ${other[0]} was pushed meanwhile: run it again`;
}

function why({ host }: Repository, fault: Fault, allow: readonly string[]): string {
  const said = `${fault.host}: ${fault.detail}`;
  if (fault.status === 405 || /\bUNSUPPORTED\b/.test(fault.detail))
    return `${host} does not delete (${fault.detail}): ${allow.join('; ')}`;
  if (fault.code === 'denied' || fault.code === 'unauthorized') return `${said}: ${allow.at(-1) ?? ''}`;
  return said;
}
