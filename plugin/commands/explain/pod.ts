import { AirgapError } from '../../../shared/errors.ts';
import { policyFlag } from '../../policy/policy-flag.ts';
import { command } from '../command.ts';
import { connectionFlags, outputFlag } from '../flags.ts';
import { printed } from '../printed.ts';

export const explainPod = command({
  name: 'pod',
  describe: 'Say why the images of a pod are as they are, and what the policy would do today',
  examples: [
    ['Why was this pod not rewritten?', 'kubectl airgap explain pod web-0 -n shop'],
    ['In a recording', 'kubectl airgap explain pod web-0 -n shop --from dump.tar.gz --policy policy.yaml'],
  ],
  operand: { name: 'pod', describe: 'name of the pod', many: false, required: true },
  flags: {
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAME',
      complete: 'namespaces',
      describe: 'namespace of the pod (default "default")',
    },
    ...policyFlag,
    from: {
      type: 'string',
      value: 'PATH',
      complete: 'files',
      describe: 'look in a recording instead of a live cluster',
    },
    ...outputFlag,
    ...connectionFlags,
  },
  run: async (args, io) => {
    const [{ openSource }, { policiesOfCluster }, { explainPod: explain, explainedBy }, { collect }, { resourceType }] =
      await Promise.all([
        import('../source.ts'),
        import('../../policy/open-policies.ts'),
        import('../../policy/explain-pod.ts'),
        import('../../cluster/collect.ts'),
        import('../../cluster/kinds.ts'),
      ]);
    const name = args.operands[0] ?? '';
    const namespace = args.namespace ?? 'default';
    const nothingElse = { now: undefined, registry: [], registryCa: undefined, pkiDir: undefined };
    const cluster = await openSource({ ...args, ...nothingElse }, io);
    const found = await cluster.get(resourceType('pods'), namespace, name);
    if ('gap' in found && found.gap.why === 'absent')
      throw new AirgapError(
        'input',
        `${found.gap.reason.replace(/^./, (letter) => letter.toUpperCase())}.`,
        'Name its namespace with -n; kubectl get pods -A lists all.',
      );
    if ('gap' in found)
      throw new AirgapError(
        'unreachable',
        `The pod ${namespace}/${name} cannot be read: ${found.gap.reason}.`,
        'Ask for the right to get it, or look into a recording with --from PATH.',
      );
    // Tells of policies that do not load, and ends here where there is none.
    await policiesOfCluster(cluster, io.say);
    const snapshot = await collect(cluster, new Set(explainedBy), { signal: io.signal });
    const explanation = explain(found.object, snapshot, { policyFile: args.policy, from: args.from });
    const table = async (): Promise<string> =>
      (await import('../../render/pod-explanation.ts')).podExplanationText(explanation, io.terminal);
    io.print(await printed(args.output, explanation, table));
    return 0;
  },
});
