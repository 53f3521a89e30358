import { celOf, needsCel, replaceCel, type Engine } from '../install/cel-engine.ts';
import type { KubeObject } from '../install/naming.ts';
import { nameOf } from '../install/resources.ts';
import type { ExitCode } from './command.ts';
import type { ConnectionArgs } from './flags.ts';
import type { Io } from './io.ts';

interface CelArgs extends ConnectionArgs {
  readonly engine: Engine;
  readonly policy: string | undefined;
  readonly namespace: string;
  readonly dryRun: 'none' | 'client' | 'server';
  readonly output: 'yaml' | 'json' | undefined;
}

/** The policies of `--policy FILE` or the cluster as the engine's objects; what they lack is told. */
export async function copiesOf(args: CelArgs, io: Io): Promise<readonly KubeObject[]> {
  if (args.engine === 'webhook') return [];
  const { policiesOf } = await import('./policies.ts');
  const { objects, warnings } = celOf(await policiesOf(args, io), args.engine, args.namespace);
  for (const warning of warnings) io.say(`warning: ${warning}`);
  return objects;
}

/** `install --engine cel`: the custom resource, so that policies can be kept in the cluster, and their copies. */
export async function installCel(args: CelArgs, io: Io): Promise<ExitCode> {
  const { default: crd } = await import('../install/crd.generated.json', { with: { type: 'json' } });
  const copies = await copiesOf(args, io);
  if (args.dryRun === 'client') return printObjects([crd, ...copies], args.output, io);
  const [{ connect }, { applyObjects }] = await Promise.all([
    import('../cluster/connect.ts'),
    import('../install/apply.ts'),
  ]);
  const connection = await connect(args, io.env);
  const dry = args.dryRun === 'server';
  const told = (object: KubeObject, done: string): void =>
    io.print(`${nameOf(object)} ${done}${dry ? ' (server dry run)' : ''}\n`);
  await needsCel(connection, copies);
  await applyObjects(connection, [crd], dry, told);
  await replaceCel(connection, copies, dry, told);
  if (args.policy !== undefined && !dry)
    io.say(`Apply ${args.policy} too: doctor holds these objects against the policies of the cluster.`);
  return 0;
}

/** `--dry-run=client`: the objects as asked for, or their names. */
export async function printObjects(
  objects: readonly KubeObject[],
  output: 'yaml' | 'json' | undefined,
  io: Io,
): Promise<ExitCode> {
  if (output === 'json')
    io.print((await import('../render/json.ts')).jsonText({ apiVersion: 'v1', kind: 'List', items: objects }));
  else if (output === 'yaml') io.print((await import('../render/yaml.ts')).yamlText(...objects));
  else for (const object of objects) io.print(`${nameOf(object)} (dry run)\n`);
  return 0;
}
