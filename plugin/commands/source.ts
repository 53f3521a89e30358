import { AirgapError } from '../../shared/errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import type { Connection } from '../cluster/connection.ts';
import type { ObserveOptions } from '../cluster/observer.ts';
import { readText } from '../read-text.ts';
import type { ConnectionArgs } from './flags.ts';
import type { Io } from './io.ts';

interface SourceArgs extends ConnectionArgs {
  readonly from?: string | undefined;
  readonly now?: string | undefined;
  readonly registry?: readonly string[];
  readonly registryCa?: string | undefined;
  readonly pkiDir?: string | undefined;
  readonly policy?: string | undefined;
}

/**
 * The cluster that the flags mean: the recorded one of `--from`, or the live one of the kubeconfig. With `probing` the
 * registries that the policy names are looked at beside those of `--registry`.
 */
export async function openSource(args: SourceArgs, io: Io, probing = false): Promise<Cluster> {
  const now = args.now === undefined ? {} : { now: timeOf(args.now) };
  if (args.from !== undefined) {
    io.progress(`Opening ${args.from}…`);
    const { openDump } = await import('../cluster/dump/open.ts');
    return openDump(args.from, now);
  }
  const registryCa =
    args.registryCa === undefined ? {} : { registryCa: await readText(args.registryCa, 'The CA file') };
  const { hostsOf, readablePolicies } = await import('../policy/policy-hosts.ts');
  const { policiesOfFile } = await import('../policy/open-policies.ts');
  const withPolicies = (policies: readonly CompiledPolicy[]): Pick<ObserveOptions, 'policies' | 'registries'> => ({
    policies,
    registries: [...new Set([...(args.registry ?? []), ...hostsOf(policies)])],
  });
  const { connect } = await import('../cluster/connect.ts');
  const { openLive } = await import('../cluster/live.ts');
  const options = {
    ...withPolicies(args.policy === undefined || !probing ? [] : await policiesOfFile(args.policy)),
    ...registryCa,
    ...(args.pkiDir === undefined ? {} : { pkiDir: args.pkiDir }),
    signal: io.signal,
    ...now,
  };
  let connection: Connection | undefined;
  try {
    connection = await connect(args, io.env);
    io.progress(`Asking ${connection.server.host}…`);
    const cluster = await openLive(connection, options);
    if (!probing || args.policy !== undefined) return cluster;
    const policies = await readablePolicies(cluster, io.say);
    return policies.length === 0 ? cluster : await openLive(connection, { ...options, ...withPolicies(policies) });
  } catch (error) {
    // Expired certificates stop an API server, and then the files of its node are what is left to examine.
    if (!(error instanceof AirgapError) || args.pkiDir === undefined || io.signal.aborted) throw error;
    const { silentCluster } = await import('../cluster/silent.ts');
    return silentCluster(error, connection, options);
  }
}

function timeOf(text: string): Date {
  const time = new Date(text);
  // Only a full date: the parser of Date would read "12" as a month of the year 2001.
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new AirgapError('usage', `"${text}" is no time.`, 'Write it as 2026-11-22 or 2026-11-22T18:30:00Z.');
}
