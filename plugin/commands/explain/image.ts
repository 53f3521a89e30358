import { AirgapError } from '../../../shared/errors.ts';
import { policyFlag } from '../../policy/policy-flag.ts';
import { readStream, readText } from '../../read-text.ts';
import { command } from '../command.ts';
import { connectionFlags, outputFlag } from '../flags.ts';
import type { Io } from '../io.ts';
import { printed } from '../printed.ts';

export const explainImage = command({
  name: 'image',
  describe: 'Say what the policy does to an image, and by which rule',
  details: [
    'The answer is the one that the webhook gives, whatever the mode of the policy is. With --policy FILE no cluster is asked; no registry ever is.',
  ],
  examples: [
    ['What becomes of nginx?', 'kubectl airgap explain image nginx:1.27'],
    ['By a policy that is not applied yet', 'kubectl airgap explain image --policy policy.yaml nginx:1.27'],
    ['Many at once', 'kubectl airgap images -o name | kubectl airgap explain image -f -'],
  ],
  operand: { name: 'image', describe: 'reference, as a pod would name it', many: true, required: false },
  flags: {
    filename: {
      type: 'string',
      short: 'f',
      value: 'FILE|-',
      complete: 'files',
      describe: 'read references, one a line, from a file or from standard input (-)',
    },
    ...policyFlag,
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAME',
      complete: 'namespaces',
      describe: 'decide by the policy of this namespace, where there are several',
    },
    ...outputFlag,
    ...connectionFlags,
  },
  run: async (args, io) => {
    const listed = args.filename === undefined ? [] : await readLines(args.filename, io);
    const images = [...args.operands, ...listed];
    if (images.length === 0 && args.filename === undefined)
      throw new AirgapError(
        'usage',
        'It is not said which image to explain.',
        'Write one or more images, or pass -f -.',
      );
    const [{ policiesAndNamespaces }, { decideImages }] = await Promise.all([
      import('../policies.ts'),
      import('../../policy/image-decisions.ts'),
    ]);
    const { policies, namespaces } = await policiesAndNamespaces(args, io);
    const { decisions, policy, certain } = decideImages(policies, { namespace: args.namespace, namespaces }, images);
    if (!certain)
      io.say(
        `warning: which policy applies to the namespace ${args.namespace ?? 'default'} depends on its labels, which are not known here: policy ${policy.name} is taken`,
      );
    const single = args.filename === undefined && decisions.length === 1;
    const document = single ? (decisions[0] ?? {}) : { kind: 'List', items: decisions };
    const table = async (): Promise<string> =>
      (await import('../../render/image-decisions.ts')).decisionsText(decisions, io.terminal);
    io.print(await printed(args.output, document, table));
    return 0;
  },
});

/** References as they stand, one a line; empty lines are none. */
async function readLines(file: string, io: Io): Promise<string[]> {
  const text = file === '-' ? await readStream(io.stdin) : await readText(file, 'The list');
  return text.split(/\r?\n/).filter((line) => line !== '');
}
