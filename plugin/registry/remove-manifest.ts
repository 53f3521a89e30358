import type { Outcome } from '../../shared/registry/fault.ts';
import { dropBody } from './body.ts';
import type { Line, Repository } from './line.ts';
import { isDigest } from './manifest.ts';
import { statusFault } from './status-faults.ts';

/**
 * `DELETE /v2/PATH/manifests/DIGEST`: the manifest goes, and every tag that names it. Only by digest, since what a tag
 * names can change between the look and the deletion. `gone` where it was not there any more.
 */
export async function removeManifest(
  line: Line,
  repository: Repository,
  digest: string,
): Promise<Outcome<'removed' | 'gone'>> {
  if (!isDigest(digest)) throw new TypeError(`a manifest is removed by digest, not by ${digest}`);
  const outcome = await line.ask(`/v2/${repository.path}/manifests/${digest}`, 'DELETE');
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  if (answer.status === 200 || answer.status === 202 || answer.status === 204) {
    dropBody(answer);
    return { ok: true, value: 'removed' };
  }
  const fault = await statusFault(answer, line.patience.document);
  return fault.code === 'not-found' ? { ok: true, value: 'gone' } : { ok: false, fault };
}
