import { homedir } from 'node:os';
import { AirgapError } from '../../../shared/errors.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { collect } from '../../cluster/collect.ts';
import { readText } from '../../read-text.ts';
import { openRegistries } from '../../registry/client.ts';
import { localKeychain } from '../../registry/keychain.ts';
import { isNamed, parseNamedHost } from '../../registry/named-hosts.ts';
import { openWire } from '../../registry/wire.ts';
import type { Lock } from '../lock/document.ts';
import { readLock } from '../lock/read.ts';
import { compare, type Evidence } from './compare.ts';
import { lookAtMirrors } from './look-at-mirrors.ts';
import type { VerifyReport } from './report.ts';
import { runningImages } from './running.ts';

export interface VerifyRequest {
  readonly file: string;
  /** Whether registries are asked. */
  readonly mirror: boolean;
  /** Null where no cluster is to be looked at. */
  readonly openCluster: (() => Promise<Cluster>) | null;
  readonly namespace?: string;
  /** Hosts that may be asked beside those that the lock names. */
  readonly registries: readonly string[];
  readonly registryCa: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Requests to one registry at a time: what a verification waits for is round trips. */
const connections = 16;

/** Reads the lock, looks at the mirror and the cluster side by side, and compares the three. */
export async function verifyLock(request: VerifyRequest): Promise<VerifyReport> {
  const { file, mirror, openCluster } = request;
  if (!mirror && openCluster === null)
    throw new AirgapError(
      'usage',
      'With --no-mirror and --no-cluster there is nothing to compare the lock with.',
      'Leave one of them out.',
    );
  const lock = readLock(await readText(file, 'The lock'), file);
  const [seen, running] = await Promise.all([
    mirror ? askMirrors(lock, request) : undefined,
    openCluster === null ? undefined : askCluster(openCluster, request),
  ]);
  const evidence: Evidence = {
    ...(seen === undefined ? {} : { mirror: seen }),
    ...(running === undefined ? {} : { running }),
  };
  return compare(file, lock, evidence);
}

async function askMirrors(
  lock: Lock,
  { registries, registryCa, env, signal, progress }: VerifyRequest,
): ReturnType<typeof lookAtMirrors> {
  const named = registries.map(parseNamedHost);
  const hosts = new Set(lock.images.map(({ image, mirror }) => (mirror ?? image).split('/')[0] ?? ''));
  const own = [...hosts].filter((host) => !isNamed(host, named)).map(parseNamedHost);
  const ca = registryCa === undefined ? {} : { ca: await readText(registryCa, 'The CA file') };
  const client = openRegistries({
    named: [...named, ...own],
    keychain: localKeychain(env, homedir()),
    wire: openWire({ ...ca, connections }),
    signal,
  });
  try {
    return await lookAtMirrors(client, lock, progress);
  } finally {
    client.close();
  }
}

async function askCluster(
  open: () => Promise<Cluster>,
  { namespace, signal, progress }: VerifyRequest,
): Promise<NonNullable<Evidence['running']>> {
  const cluster = await open();
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
