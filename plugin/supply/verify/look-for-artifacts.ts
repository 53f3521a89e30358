import type { Outcome } from '../../../shared/registry/fault.ts';
import type { Registries } from '../../registry/client.ts';
import type { Repository } from '../../registry/line.ts';
import { headDigest } from './head-digest.ts';
import type { LockedDigest } from './locked.ts';

type Artifact = LockedDigest['artifacts'][number];

/**
 * Artifacts that a client would not find: by their digest, with what is in their place. Whoever checks a signature asks
 * for cosign's tag or for the list of referrers, so bytes that neither leads to are of no use to anybody.
 */
export async function lookForArtifacts(
  registries: Registries,
  repository: Repository,
  artifacts: readonly Artifact[],
): Promise<Outcome<ReadonlyMap<string, string>>> {
  const byTag = artifacts.filter(({ tag }) => tag !== null);
  const bySubject = Map.groupBy(
    artifacts.filter(({ tag }) => tag === null),
    ({ subject }) => subject,
  );
  const found = await Promise.all([
    ...byTag.map((artifact) => atTag(registries, repository, artifact)),
    ...[...bySubject].map(([subject, all]) => inList(registries, repository, subject, all)),
  ]);
  const failed = found.find((outcome) => !outcome.ok);
  if (failed !== undefined && !failed.ok) return failed;
  return { ok: true, value: new Map(found.flatMap((outcome) => (outcome.ok ? outcome.value : []))) };
}

type Missing = readonly (readonly [digest: string, instead: string])[];

async function atTag(
  registries: Registries,
  repository: Repository,
  { tag, digest }: Artifact,
): Promise<Outcome<Missing>> {
  const named = await headDigest(registries, repository, tag ?? '');
  if (!named.ok) return named;
  if (named.value === digest) return { ok: true, value: [] };
  return { ok: true, value: [[digest, named.value === null ? '' : `its tag names ${named.value}`]] };
}

async function inList(
  registries: Registries,
  repository: Repository,
  subject: string,
  artifacts: readonly Artifact[],
): Promise<Outcome<Missing>> {
  const listed = await registries.referrers(repository, subject);
  if (!listed.ok) return listed;
  const digests = new Set(listed.value.map(({ digest }) => digest));
  const missing = artifacts.filter(({ digest }) => !digests.has(digest));
  return { ok: true, value: missing.map(({ digest }) => [digest, `the referrers list of ${subject} lacks it`]) };
}
