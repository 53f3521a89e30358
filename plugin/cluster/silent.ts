import type { AirgapError } from '../../shared/errors.ts';
import type { Cluster } from './cluster.ts';
import type { Connection } from './connection.ts';
import type { ObserveOptions } from './observer.ts';
import { observers } from './observers/index.ts';
import type { Gap, KindName } from './snapshot.ts';

/** What can be looked at although the API server does not answer: what it shows, and the files of its node. */
const lookedAt: ReadonlySet<KindName> = new Set(['kubeconfig', 'tls-endpoints', 'pki-files']);

/**
 * A cluster whose API server did not answer, for `--pki-dir`: where the certificates of a control plane have expired,
 * its API server is down, and the files of the node are all there is to look at. Everything else says why it is unknown.
 */
export function silentCluster(
  failure: AirgapError,
  connection: Connection | undefined,
  options: ObserveOptions & { readonly now?: Date },
): Cluster {
  const gap: Gap = { why: 'failed', reason: failure.message.replace(/\.$/, '') };
  return {
    source: `${options.pkiDir ?? ''}, without the API server`,
    now: options.now ?? new Date(),
    list: () => Promise.resolve(gap),
    get: () => Promise.resolve({ gap }),
    async observe(kind, snapshot, visit) {
      const load = lookedAt.has(kind) ? observers[kind] : undefined;
      if (load === undefined || (connection === undefined && kind !== 'pki-files')) return gap;
      // Files need no connection; whatever else is looked at has one here.
      return (await load())(connection as Connection, snapshot, options, visit);
    },
  };
}
