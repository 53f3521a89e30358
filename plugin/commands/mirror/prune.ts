import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { policyFlag } from '../../policy/policy-flag.ts';
import type { PruneReport } from '../../supply/prune/report.ts';
import { command, type ExitCode } from '../command.ts';
import { connectionFlags, outputFlag, registryFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { printed } from '../printed.ts';

export const prune = command({
  name: 'prune',
  describe: 'Show what in the mirror neither the locks nor the cluster need and, with --yes, remove it',
  details: [
    'What the locks pin and what the pods and workloads of the cluster name or run stays, with everything that hangs together with it: the platforms of an index, signatures, attestations, and tags that share a digest. All else in the repositories below the targets of the policy, and in those that the locks copy to, may go.',
    'Without --yes nothing is removed: what would go is shown. Manifests are removed by digest. Manifests that no tag, index or referrer leads to are invisible to every client and stay. The registry gives the space back when it collects; how is printed at the end.',
    'Exit code: 0 when all was seen and done, 1 when something was left alone or could not be removed, 2 for unreadable input, 3 when the cluster or the registries could not be looked at; then nothing was removed.',
  ],
  examples: [
    ['What would go, and how much it frees', 'kubectl airgap mirror prune'],
    [
      'Two clusters on one mirror: the locks and the recordings of both',
      'kubectl airgap mirror prune --lock a.lock.yaml --lock b.lock.yaml --from a.tar.gz --from b.tar.gz',
    ],
    ['Remove it', 'kubectl airgap mirror prune --yes'],
    [
      'Only this repository, by the lock alone',
      'kubectl airgap mirror prune --no-running --repository registry.example:5000/library/nginx',
    ],
  ],
  flags: {
    lock: {
      type: 'strings',
      value: 'FILE',
      complete: 'files',
      describe: 'lock of what is needed, airgap.lock.yaml if none is named; may be repeated',
    },
    repository: {
      type: 'strings',
      value: 'HOST/PATH',
      describe: 'look at this repository alone; may be repeated',
    },
    yes: { type: 'boolean', describe: 'remove what is shown without it' },
    'no-running': { type: 'boolean', describe: 'ask no cluster: the locks are all that is needed' },
    from: {
      type: 'strings',
      value: 'PATH',
      complete: 'files',
      describe:
        'what runs is in this recording (a directory or a .tar.gz) instead of the live cluster; may be repeated, for several clusters',
    },
    ...policyFlag,
    ...outputFlag,
    ...registryFlags,
    'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
    ...connectionFlags,
  },
  run: async (args, io): Promise<ExitCode> => {
    const quiet = args.noProgress ? { ...io, progress: () => undefined } : io;
    const { prune: pruneMirror } = await import('../../supply/prune/prune.ts');
    const report = await pruneMirror({
      locks: args.lock.length === 0 ? ['airgap.lock.yaml'] : args.lock,
      openClusters: async () => {
        if (args.noRunning) return [];
        const { openSource } = await import('../source.ts');
        const sources = args.from.length === 0 ? [undefined] : args.from;
        return Promise.all(sources.map((from) => openSource({ ...args, from }, quiet)));
      },
      policies: (clusters) => policiesFor(args.policy, clusters, quiet),
      repositories: args.repository,
      remove: args.yes,
      registries: args.registry,
      registryCa: args.registryCa,
      env: io.env,
      signal: io.signal,
      progress: quiet.progress,
    });
    if (!args.yes) io.signal.throwIfAborted();
    const table = async (): Promise<string> => (await import('../../render/prune.ts')).pruneTable(report, io.terminal);
    io.print(await printed(args.output, report, table));
    return exitCodeOf(report);
  },
});

/** Those of `--policy`, else those of the clusters; a cluster without any says nothing of names. */
async function policiesFor(
  file: string | undefined,
  clusters: readonly Cluster[],
  io: Io,
): Promise<readonly CompiledPolicy[]> {
  const { policiesIfAny, policiesOfFile } = await import('../../policy/open-policies.ts');
  if (file !== undefined) return policiesOfFile(file);
  return (await Promise.all(clusters.map((cluster) => policiesIfAny(cluster, io.say)))).flat();
}

function exitCodeOf({ summary, unlisted }: PruneReport): ExitCode {
  const { repositories, untouched, failed } = summary;
  if (repositories === untouched && untouched + unlisted.length > 0) return 3;
  return failed + untouched > 0 ? 1 : 0;
}
