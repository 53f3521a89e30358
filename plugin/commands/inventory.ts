import { AirgapError } from '../../shared/errors.ts';
import type { InventoryReport } from '../supply/inventory-report.ts';
import type { Args } from './command.ts';
import type { inventoryFlags } from './inventory-flags.ts';
import type { Io } from './io.ts';

/** What the flags say is needed: by manifests, by a recording, or by the live cluster. */
export async function inventoryOf(
  args: Args<typeof inventoryFlags> & { readonly nodes?: boolean },
  io: Io,
): Promise<InventoryReport> {
  const { takeInventory } = await import('../supply/take-inventory.ts');
  const namespace = args.allNamespaces ? undefined : args.namespace;
  if (args.from !== undefined && args.filename.length + args.list.length > 0)
    throw new AirgapError(
      'usage',
      'With -f or --list no recording is searched, so --from would be passed over.',
      'Search it by itself, kubectl airgap images --from PATH -o yaml > found.yaml, and add -f found.yaml here.',
    );
  const report = await takeInventory({
    filename: args.filename,
    list: args.list,
    values: args.values,
    stdin: io.stdin,
    signal: io.signal,
    openCluster: async () => {
      const cluster = await (await import('./source.ts')).openSource(args, io);
      await (await import('../cluster/expect-namespace.ts')).expectNamespace(cluster, namespace);
      return cluster;
    },
    search: {
      nodes: args.nodes ?? false,
      signal: io.signal,
      progress: io.progress,
      ...(namespace === undefined ? {} : { namespace }),
    },
  });
  io.signal.throwIfAborted();
  return report;
}
