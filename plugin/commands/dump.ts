import { AirgapError } from '../../shared/errors.ts';
import type { Recorded } from '../cluster/record.ts';
import { command } from './command.ts';
import { connectionFlags, lookFlags, namespaceFlags } from './flags.ts';

export const dump = command({
  name: 'dump',
  describe: 'Record what doctor needs to know of a cluster, without its secrets, to examine it elsewhere',
  details: [
    'The recording is a .tar.gz with one file for each resource. Of Secrets and ConfigMaps it holds the names, the names of the keys and public certificates; of a pull secret the registries it is for. Environment values, command lines, annotations of tools and credentials in texts are left out.',
    'What you may not read is written down as such, and doctor reports it as unknown.',
    'Exit code: 0 when the recording was written, 2 for a wrong command line or a place that cannot be written, 3 when the cluster cannot be reached.',
  ],
  examples: [
    ['Record the cluster of the current context', 'kubectl airgap dump -o cluster.tar.gz'],
    ['Examine it later, anywhere', 'kubectl airgap doctor --from cluster.tar.gz'],
    ['Only one namespace', 'kubectl airgap dump -n web -o web.tar.gz'],
    [
      'Look at a registry from here, and record what it answers',
      'kubectl airgap dump --registry registry.example.com -o cluster.tar.gz',
    ],
  ],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      complete: 'files',
      describe: 'where to write the recording (.tar.gz), readable by you only',
    },
    ...namespaceFlags,
    ...lookFlags,
    'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
    ...connectionFlags,
  },
  run: async (args, io) => {
    if (args.output === undefined)
      throw new AirgapError('usage', 'It is not said where to write the recording.', 'Pass -o FILE.tar.gz.');
    const { openSource } = await import('./source.ts');
    const { expectNamespace } = await import('../cluster/expect-namespace.ts');
    const { record } = await import('../cluster/record.ts');
    const quiet = args.noProgress ? { ...io, progress: () => undefined } : io;
    const cluster = await openSource(args, quiet);
    const namespace = args.allNamespaces ? undefined : args.namespace;
    await expectNamespace(cluster, namespace);
    const recorded = await record(cluster, args.output, {
      ...(namespace === undefined ? {} : { namespace }),
      signal: io.signal,
      progress: (kind) => quiet.progress(`Recording ${kind}…`),
    });
    io.print(summary(recorded));
    return 0;
  },
});

function summary({ file, bytes, counts, gaps }: Recorded): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const missing = [...gaps.values()].filter(({ why }) => why === 'forbidden' || why === 'failed');
  const size = bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / (1 << 20)).toFixed(1)} MiB`;
  return [
    `Recorded ${total} objects in ${file} (${size}).`,
    ...missing.map(({ reason }) => `Not recorded: ${reason}.`),
    `Examine it with: kubectl airgap doctor --from ${file}`,
    '',
  ].join('\n');
}
