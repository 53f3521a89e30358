import { command, type ExitCode } from './command.ts';
import { connectionFlags, failOnFlag, namespaceFlags, outputFlag, registryFlags } from './flags.ts';
import { fails } from './fails.ts';
import { printed } from './printed.ts';

export const verify = command({
  name: 'verify',
  describe: 'Prove that the mirror holds what the lock pins, and that the nodes run it',
  details: [
    'Three things are held against each other by digest: the lock, the registries that it names as mirrors, and what the containers of a cluster or a recording run. Names do not count: a runtime may report the name of another repository that holds the same content.',
    'The mirror is asked for headers only, never for content. It is asked where the lock says that an image is pulled from, and nowhere else.',
    'Exit code: 0 when all is the same, 1 when something differs, 2 for unreadable input, 3 when neither the mirror nor a cluster could be looked at.',
  ],
  examples: [
    ['Lock, mirror and cluster', 'kubectl airgap verify'],
    ['Before anything is deployed: lock and mirror', 'kubectl airgap verify --no-cluster'],
    ['A recording against the lock, with no registry at hand', 'kubectl airgap verify --from dump.tar.gz --no-mirror'],
  ],
  flags: {
    lock: { type: 'string', value: 'FILE', complete: 'files', default: 'airgap.lock.yaml', describe: 'the lock file' },
    ...outputFlag,
    'no-mirror': { type: 'boolean', describe: 'ask no registry' },
    'no-cluster': { type: 'boolean', describe: 'look at no cluster' },
    from: {
      type: 'string',
      value: 'PATH',
      complete: 'files',
      describe: 'compare with a recording (a directory or a .tar.gz) instead of a live cluster',
    },
    ...failOnFlag,
    ...registryFlags,
    'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
    ...namespaceFlags,
    ...connectionFlags,
  },
  run: async (args, io): Promise<ExitCode> => {
    const quiet = args.noProgress ? { ...io, progress: () => undefined } : io;
    const { verifyLock } = await import('../supply/verify/verify-lock.ts');
    const report = await verifyLock({
      file: args.lock,
      mirror: !args.noMirror,
      openCluster: args.noCluster ? null : async () => (await import('./source.ts')).openSource(args, quiet),
      ...(args.namespace === undefined || args.allNamespaces ? {} : { namespace: args.namespace }),
      registries: args.registry,
      registryCa: args.registryCa,
      env: io.env,
      signal: io.signal,
      progress: quiet.progress,
    });
    io.signal.throwIfAborted();
    const table = async (): Promise<string> => (await import('../render/verify.ts')).verifyTable(report, io.terminal);
    io.print(await printed(args.output, report, table));
    const { locked } = report.summary;
    // A lock of which the registry showed nothing has not been found wrong; it has not been looked at.
    if (locked > 0 && report.summary['not-seen'] === locked && report.source === null) return 3;
    return report.findings.some(({ severity }) => fails(severity, args.failOn)) ? 1 : 0;
  },
});
