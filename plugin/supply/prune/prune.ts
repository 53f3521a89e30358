import { homedir } from 'node:os';
import { AirgapError } from '../../../shared/errors.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { readText } from '../../read-text.ts';
import { openRegistries, type Registries } from '../../registry/client.ts';
import { localKeychain } from '../../registry/keychain.ts';
import { isNamed, parseNamedHost } from '../../registry/named-hosts.ts';
import { openWire } from '../../registry/wire.ts';
import { openLock } from '../lock/open.ts';
import { nameOf } from './content.ts';
import { keepOf } from './keep.ts';
import { look, type Look, type Looked } from './look.ts';
import { neededByCluster } from './needed-by-cluster.ts';
import { remove } from './remove.ts';
import type { PruneReport, ReportedRepository } from './report.ts';
import { pruneReport } from './make-report.ts';
import { hostsOf, scopeOf, type Scope } from './scope.ts';

export interface PruneRequest {
  readonly locks: readonly string[];
  /** None where the locks are all that counts, by the user's own word. */
  readonly openClusters: () => Promise<readonly Cluster[]>;
  readonly policies: (clusters: readonly Cluster[]) => Promise<readonly CompiledPolicy[]>;
  /** `--repository`: `host/path`. */
  readonly repositories: readonly string[];
  readonly remove: boolean;
  /** Hosts that may be asked beside those of the scope. */
  readonly registries: readonly string[];
  readonly registryCa: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Finds out what is needed, looks at the mirror, and removes what is not needed, or only says what it would. */
export async function prune(request: PruneRequest): Promise<PruneReport> {
  const locks = await Promise.all(request.locks.map(async (file) => (await openLock(file)).lock));
  if (locks.every(({ images }) => images.length === 0))
    throw new AirgapError(
      'input',
      'The locks hold no image, so nothing in the mirror would be needed.',
      'Name the locks of all that the mirror serves: --lock FILE, which may be repeated.',
    );
  const clusters = await request.openClusters();
  const policies = await request.policies(clusters);
  const scope = scopeOf(request.repositories, locks, policies);
  const needed = await Promise.all(clusters.map((cluster) => neededByCluster(cluster, request.signal)));
  const source = needed.length === 0 ? null : needed.map((one) => one.source).join(', ');
  const registries = await open(scope, request);
  try {
    const looked = await look(registries, scope, keepOf(locks, needed, policies), request);
    const repositories: ReportedRepository[] = [];
    // One after the other: a registry is not hurried with what cannot be taken back.
    for (const one of looked.repositories) repositories.push(await settle(registries, one, looked, request));
    return pruneReport(request, source, repositories, looked);
  } finally {
    registries.close();
  }
}

async function settle(
  registries: Registries,
  looked: Looked,
  { hosts }: Look,
  request: PruneRequest,
): Promise<ReportedRepository> {
  const repository = nameOf(looked.repository);
  if (!looked.seen) {
    const { host, detail } = looked.fault;
    return { repository, untouched: `it could not be seen whole: ${host}: ${detail}`, keptTags: [], removals: [] };
  }
  const { content, sorted } = looked;
  const removals = request.remove
    ? await remove({
        ...request,
        registries,
        content,
        removals: sorted.removals,
        allow: hosts.get(looked.repository.host)?.allow ?? [],
      })
    : sorted.removals.map((removal) => ({ ...removal, result: 'planned' as const, detail: '' }));
  return { repository, untouched: null, keptTags: sorted.keptTags, removals };
}

/** `signal` ends the looking; what is being removed is removed to its end. */
async function open(
  scope: Scope,
  { registries, registryCa, env, remove: removing, signal }: PruneRequest,
): Promise<Registries> {
  const named = registries.map(parseNamedHost);
  const own = hostsOf(scope)
    .filter((host) => !isNamed(host, named))
    .map(parseNamedHost);
  const ca = registryCa === undefined ? {} : { ca: await readText(registryCa, 'The CA file') };
  return openRegistries({
    named: [...named, ...own],
    keychain: localKeychain(env, homedir()),
    wire: openWire({ ...ca, connections: 16 }),
    signal: removing ? new AbortController().signal : signal,
  });
}
