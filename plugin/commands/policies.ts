import { readMeta } from '../../shared/kube/meta.ts';
import type { CompiledPolicy } from '../../shared/policy/compile.ts';
import { conflicts, namespaceWith, selectsByLabels, type Namespace } from '../../shared/policy/namespace.ts';
import type { ConnectionArgs } from './flags.ts';
import type { Io } from './io.ts';

/** The policies that the flags mean: those of `--policy FILE`, else those of the recorded or the live cluster. */
export async function policiesOf(
  args: ConnectionArgs & { readonly policy: string | undefined; readonly from?: string | undefined },
  io: Io,
): Promise<readonly CompiledPolicy[]> {
  const { policiesOfCluster, policiesOfFile } = await import('../policy/open-policies.ts');
  if (args.policy !== undefined) return policiesOfFile(args.policy);
  const { openSource } = await import('./source.ts');
  return policiesOfCluster(await openSource(args, io), io.say);
}

/** The policies that the flags mean, and the namespaces of the same cluster as far as they decide which policy applies. */
export async function policiesAndNamespaces(
  args: Parameters<typeof policiesOf>[0],
  io: Io,
): Promise<{ readonly policies: readonly CompiledPolicy[]; readonly namespaces: readonly Namespace[] }> {
  const { policiesOfCluster, policiesOfFile } = await import('../policy/open-policies.ts');
  if (args.policy !== undefined) {
    const policies = await policiesOfFile(args.policy);
    for (const { policy, inForce } of conflicts(policies, []))
      io.say(
        `warning: policy ${policy.name} is never in force: policy ${inForce.name} covers every namespace too, and goes before it`,
      );
    return { policies, namespaces: [] };
  }
  const { openSource } = await import('./source.ts');
  const cluster = await openSource(args, io);
  const policies = await policiesOfCluster(cluster, io.say);
  const namespaces: Namespace[] = [];
  if (policies.some(selectsByLabels)) {
    const { resourceType } = await import('../cluster/kinds.ts');
    await cluster.list(resourceType('namespaces'), (raw) => {
      const { name, labels } = readMeta(raw);
      namespaces.push(namespaceWith(name, labels));
    });
  }
  return { policies, namespaces };
}
