import type { Cluster } from '../../cluster/cluster.ts';
import type { Gap } from '../../cluster/snapshot.ts';
import { openLock } from '../lock/open.ts';
import { compare, type Evidence } from './compare.ts';
import { lookAtMirrorsOf, type MirrorRequest } from './look-at-mirrors-of.ts';
import { runningImages } from './running.ts';

const noLock: Gap = { why: 'not-asked', reason: 'no lock was named: name one with --lock FILE' };
const recorded: Gap = {
  why: 'not-asked',
  reason: 'a recording is examined without asking a registry: kubectl airgap verify --from does',
};

/**
 * The same cluster with a lock to be held against: what its pods run, and, where the cluster is live, what the registries
 * hold that the lock names as mirrors. Throws an AirgapError for a lock that cannot be read.
 */
export async function withLock<C extends Cluster>(
  cluster: C,
  file: string | undefined,
  request: MirrorRequest & { readonly live: boolean },
): Promise<C> {
  const lock = file === undefined ? undefined : (await openLock(file)).lock;
  const observe: Cluster['observe'] = async (kind, snapshot, visit) => {
    if (kind !== 'lock-mirror' && kind !== 'lock-running') return cluster.observe(kind, snapshot, visit);
    if (lock === undefined || file === undefined) return noLock;
    const tell = (evidence: Evidence): void => {
      for (const finding of compare(file, lock, evidence).findings) visit({ ...finding, lock: file });
    };
    if (kind === 'lock-running') {
      tell({ running: { source: cluster.source, images: runningImages(snapshot.pods.items) } });
      return snapshot.pods.gap;
    }
    if (!request.live) return recorded;
    tell({ mirror: await lookAtMirrorsOf(lock, request) });
    return null;
  };
  return { ...cluster, observe };
}
