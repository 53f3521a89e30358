import type { Look, Looked } from './look.ts';
import type { PruneReport, ReportedRegistry, ReportedRepository } from './report.ts';
import { freedBytes } from './space.ts';

/** Puts together what was seen and what became of it. */
export function pruneReport(
  request: { readonly locks: readonly string[]; readonly remove: boolean },
  source: string | null,
  repositories: readonly ReportedRepository[],
  { repositories: looked, unlisted, hosts }: Look,
): PruneReport {
  const registries = [...hosts].map(([host, { product, collect }]): ReportedRegistry => ({
    host,
    product,
    bytes: freedBytes(
      looked.flatMap((one) => (one.seen && one.repository.host === host ? [dividedBy(one, repositories)] : [])),
    ),
    collect,
  }));
  const removals = repositories.flatMap((one) => one.removals);
  const going = removals.filter(({ result }) => result === 'planned' || result === 'removed' || result === 'gone');
  return {
    apiVersion: 'airgap.dev/v1alpha1',
    kind: 'PruneReport',
    removing: request.remove,
    locks: request.locks,
    source,
    summary: {
      repositories: repositories.length,
      keptTags: repositories.reduce((sum, { keptTags }) => sum + keptTags.length, 0),
      tags: going.reduce((sum, { tags }) => sum + tags.length, 0),
      manifests: going.length,
      bytes: registries.reduce((sum, { bytes }) => sum + bytes, 0),
      failed: removals.length - going.length,
      untouched: repositories.filter(({ untouched }) => untouched !== null).length,
    },
    repositories,
    unlisted: unlisted.map(({ prefix, fault }) => ({ prefix, reason: `${fault.host}: ${fault.detail}` })),
    registries,
  };
}

/** What could not be removed is kept, whatever was planned. */
function dividedBy(
  { repository, content, sorted }: Looked & { readonly seen: true },
  repositories: readonly ReportedRepository[],
): Parameters<typeof freedBytes>[0][number] {
  const reported = repositories.find((one) => one.repository === `${repository.host}/${repository.path}`);
  const stuck = (reported?.removals ?? []).filter(({ result }) => result === 'failed' || result === 'not-tried');
  return { content, kept: new Set([...sorted.kept, ...stuck.map(({ digest }) => digest)]) };
}
