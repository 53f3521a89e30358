import { AirgapError } from '../../shared/errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Connection } from '../cluster/connection.ts';
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
 * The cluster that the flags mean: the recorded one of `--from`, or the live one of the kubeconfig; with the policies of
 * `--policy` in place of its own.
 */
export async function openSource(args: SourceArgs, io: Io): Promise<Cluster> {
  const cluster = await openCluster(args, io);
  if (args.policy === undefined) return cluster;
  const { policyDocuments } = await import('../policy/open-policies.ts');
  const { withPolicies } = await import('../cluster/with-policies.ts');
  return withPolicies(cluster, await policyDocuments(args.policy));
}

async function openCluster(args: SourceArgs, io: Io): Promise<Cluster> {
  const now = args.now === undefined ? {} : { now: timeOf(args.now) };
  if (args.from !== undefined) {
    io.progress(`Opening ${args.from}…`);
    const { openDump } = await import('../cluster/dump/open.ts');
    return openDump(args.from, now);
  }
  const registryCa =
    args.registryCa === undefined ? {} : { registryCa: await readText(args.registryCa, 'The CA file') };
  const { connect } = await import('../cluster/connect.ts');
  const { openLive } = await import('../cluster/live.ts');
  const options = {
    registries: args.registry ?? [],
    ...registryCa,
    ...(args.pkiDir === undefined ? {} : { pkiDir: args.pkiDir }),
    signal: io.signal,
    ...now,
  };
  let connection: Connection | undefined;
  try {
    connection = await connect(args, io.env, instead(args));
    io.progress(`Asking ${connection.server.host}…`);
    return await openLive(connection, options);
  } catch (error) {
    // Expired certificates stop an API server, and then the files of its node are what is left to examine.
    if (!(error instanceof AirgapError) || args.pkiDir === undefined || io.signal.aborted) throw error;
    const { silentCluster } = await import('../cluster/silent.ts');
    return silentCluster(error, connection, options);
  }
}

/** What the command can examine where there is no cluster; a flag that it does not have is not there at all. */
function instead(args: SourceArgs): string {
  if ('from' in args) return '; or look into a recording with --from PATH';
  return 'policy' in args ? '; or read the policy from a file with --policy FILE' : '';
}

function timeOf(text: string): Date {
  const time = new Date(text);
  // Only a full date: the parser of Date would read "12" as a month of the year 2001.
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new AirgapError('usage', `"${text}" is no time.`, 'Write it as 2026-11-22 or 2026-11-22T18:30:00Z.');
}
