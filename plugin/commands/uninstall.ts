import { command } from './command.ts';
import { connectionFlags } from './flags.ts';
import { namespaceFlag } from './install.ts';

export const uninstall = command({
  name: 'uninstall',
  describe: 'Remove what was installed, whatever its engine; policies stay unless they are to go too',
  details: [
    'What judges goes first (the webhook configurations, and the objects of --engine cel), so that nothing is rejected by what is no longer there. Pods keep the images that they have.',
    'Exit code: 0 when all of it is gone, 2 for wrong usage, 3 when the cluster refused or cannot be reached.',
  ],
  examples: [
    ['Remove the webhook', 'kubectl airgap uninstall'],
    ['Remove the policies and their custom resource too', 'kubectl airgap uninstall --with-policies'],
  ],
  flags: {
    ...namespaceFlag,
    'with-policies': { type: 'boolean', describe: 'also the custom resource, and with it every AirgapPolicy' },
    'dry-run': {
      type: 'string',
      value: 'WHERE',
      choices: ['none', 'client'],
      default: 'none',
      describe: 'client: only print',
    },
    ...connectionFlags,
  },
  run: async (args, io) => {
    const [{ installObjects }, { default: crd }, { nameOf }] = await Promise.all([
      import('../install/objects.ts'),
      import('../install/crd.generated.json', { with: { type: 'json' } }),
      import('../install/resources.ts'),
    ]);
    const made = installObjects({ image: 'none', namespace: args.namespace, pullSecrets: [] });
    const objects = args.withPolicies ? [crd, ...made] : made;
    if (args.dryRun === 'client') {
      io.print('Policies and bindings of --engine cel and both, where the cluster has any (dry run)\n');
      for (const object of objects.toReversed()) io.print(`${nameOf(object)} (dry run)\n`);
      return 0;
    }
    const [{ connect }, { deleteObjects }, { installedCel }] = await Promise.all([
      import('../cluster/connect.ts'),
      import('../install/apply.ts'),
      import('../install/cel-engine.ts'),
    ]);
    const connection = await connect(args, io.env);
    await deleteObjects(connection, [...objects, ...(await installedCel(connection))], (object, done) =>
      io.print(`${nameOf(object)} ${done}\n`),
    );
    return 0;
  },
});
