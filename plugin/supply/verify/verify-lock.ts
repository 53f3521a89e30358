import { AirgapError } from '../../../shared/errors.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { collect } from '../../cluster/collect.ts';
import { expectNamespace } from '../../cluster/expect-namespace.ts';
import { openLock } from '../lock/open.ts';
import { compare, type Evidence } from './compare.ts';
import { lookAtMirrorsOf, type MirrorRequest } from './look-at-mirrors-of.ts';
import { lookAtFiles } from './look-at-files.ts';
import type { VerifyReport } from './report.ts';
import { runningImages } from './running.ts';

export interface VerifyRequest extends MirrorRequest {
  readonly file: string;
  /** Whether registries are asked. */
  readonly mirror: boolean;
  /** Null where no cluster is to be looked at. */
  readonly openCluster: (() => Promise<Cluster>) | null;
  readonly namespace?: string;
}

/** Reads the lock, looks at the mirror and the cluster side by side, and compares the three. */
export async function verifyLock(request: VerifyRequest): Promise<VerifyReport> {
  const { file, mirror, openCluster } = request;
  if (!mirror && openCluster === null)
    throw new AirgapError(
      'usage',
      'With --no-mirror and --no-cluster there is nothing to compare the lock with.',
      'Leave one of them out.',
    );
  const { lock } = await openLock(file);
  const [files, seen, running] = await Promise.all([
    lookAtFiles(lock, file),
    mirror ? lookAtMirrorsOf(lock, request) : undefined,
    openCluster === null ? undefined : askCluster(openCluster, request),
  ]);
  const evidence: Evidence = {
    files,
    ...(seen === undefined ? {} : { mirror: seen }),
    ...(running === undefined ? {} : { running }),
  };
  return compare(file, lock, evidence);
}

async function askCluster(
  open: () => Promise<Cluster>,
  { namespace, signal, progress }: VerifyRequest,
): Promise<NonNullable<Evidence['running']>> {
  const cluster = await open();
  await expectNamespace(cluster, namespace);
  const scope = namespace === undefined ? {} : { namespace };
  const { pods } = await collect(cluster, new Set(['pods'] as const), { ...scope, signal, progress });
  // Half a list would show as "not running" what only was not seen.
  if (pods.gap !== null)
    throw new AirgapError(
      pods.gap.why === 'forbidden' ? 'forbidden' : 'unreachable',
      `The pods of ${cluster.source} cannot be read: ${pods.gap.reason}.`,
      'With --no-cluster the lock is compared with the mirror alone.',
    );
  return { source: cluster.source, images: runningImages(pods.items) };
}
