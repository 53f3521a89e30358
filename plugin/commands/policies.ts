import type { CompiledPolicy } from '../../shared/policy/compile.ts';
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
