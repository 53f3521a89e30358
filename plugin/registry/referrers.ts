import type { Outcome } from '../../shared/registry/fault.ts';
import { manifestLimit, readBody } from './body.ts';
import type { Line, Repository } from './line.ts';
import { fetchManifest } from './fetch-manifest.ts';
import { mediaTypes, parseManifest, type Descriptor } from './manifest.ts';
import { statusFault } from './status-faults.ts';

/**
 * What refers to a digest: signatures, attestations, bills of materials. A registry without the referrers API answers
 * 404, and clients then keep the list under the tag `sha256-…` (distribution specification 1.1, "Referrers Tag Schema").
 */
export async function listReferrers(
  line: Line,
  repository: Repository,
  digest: string,
): Promise<Outcome<Descriptor[]>> {
  const outcome = await line.ask(`/v2/${repository.path}/referrers/${digest}`, 'GET', { accept: mediaTypes.ociIndex });
  if (!outcome.ok) return outcome;
  const answer = outcome.value;
  if (answer.status === 200) {
    const body = await readBody(answer, manifestLimit, line.patience.document);
    if (!body.ok) return body;
    const list = parseManifest(body.value, answer.headers['content-type'] ?? '');
    if (list.kind === 'index') return { ok: true, value: [...list.children] };
  } else {
    const fault = await statusFault(answer, line.patience.document);
    if (answer.status !== 404 && answer.status !== 400 && answer.status !== 405) return { ok: false, fault };
  }
  const fallback = await fetchManifest(line, repository, digest.replace(':', '-'));
  if (!fallback.ok) return fallback.fault.code === 'not-found' ? { ok: true, value: [] } : fallback;
  const { manifest } = fallback.value;
  return { ok: true, value: manifest.kind === 'index' ? [...manifest.children] : [] };
}
