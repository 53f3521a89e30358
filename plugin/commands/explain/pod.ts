import { AirgapError } from '../../../shared/errors.ts';
import { readMeta } from '../../../shared/kube/meta.ts';
import { policyFlag } from '../../policy/policy-flag.ts';
import { command } from '../command.ts';
import { connectionFlags, outputFlag } from '../flags.ts';

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
    const [{ openSource }, { policiesOfCluster, policiesOfFile }, { explainPod: explain }, { kinds }] =
      await Promise.all([
        import('../source.ts'),
        import('../../policy/open-policies.ts'),
        import('../../policy/explain-pod.ts'),
        import('../../cluster/kinds.ts'),
      ]);
    const name = args.operands[0] ?? '';
    const namespace = args.namespace ?? 'default';
    const nothingElse = { now: undefined, registry: [], registryCa: undefined, pkiDir: undefined };
    const cluster = await openSource({ ...args, ...nothingElse }, io);
    if (kinds.pods.from !== 'resource' || kinds.namespaces.from !== 'resource') return 3;
    const found = await cluster.get(kinds.pods.type, namespace, name);
    if ('gap' in found)
      throw new AirgapError(
        found.gap.why === 'absent' ? 'input' : 'unreachable',
        `The pod ${namespace}/${name} cannot be read: ${found.gap.reason}.`,
        'Name its namespace with -n.',
      );
    const around = await cluster.get(kinds.namespaces.type, '', namespace);
    const labels = 'object' in around ? readMeta(around.object).labels : {};
    const policies =
      args.policy === undefined ? await policiesOfCluster(cluster, io.say) : await policiesOfFile(args.policy);
    const known = { name: namespace, labels: { ...labels, 'kubernetes.io/metadata.name': namespace } };
    const explanation = explain(found.object, known, policies);
    if (args.output === 'json') io.print((await import('../../render/json.ts')).jsonText(explanation));
    else if (args.output === 'yaml') io.print((await import('../../render/yaml.ts')).yamlText(explanation));
    else io.print((await import('../../render/pod-explanation.ts')).podExplanationText(explanation));
    return 0;
  },
});
