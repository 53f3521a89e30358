import { AirgapError } from '../../shared/errors.ts';
import { command, type ExitCode } from './command.ts';
import { inventoryOf } from './inventory.ts';
import { inventoryFlags, inventoryOutput } from './inventory-flags.ts';

export const images = command({
  name: 'images',
  describe: 'List every image that a cluster needs, and what needs it',
  details: [
    'Searched are pods and everything that makes pods, custom resources of every kind, and the environment variables and arguments by which operators are told their images. Each image is listed once, normalised, with every place that names it.',
    'Exit code: 0 when images were found or there are none, 2 for unreadable input, 3 when nothing could be searched. What could not be searched is named at the end.',
  ],
  examples: [
    ['What must be in the mirror', 'kubectl airgap images'],
    ['One reference a line, for other tools', 'kubectl airgap images -o name'],
    ['Why is this image needed?', 'kubectl airgap images --why docker.io/library/redis:7'],
    ['From a recording', 'kubectl airgap images --from dump.tar.gz'],
    ['From a chart', 'kubectl airgap images -f ./chart --values production.yaml'],
  ],
  flags: {
    output: { ...inventoryOutput, default: 'table', describe: 'how to print the list' },
    why: { type: 'string', value: 'IMAGE', describe: 'only this image, with every place that names it' },
    nodes: { type: 'boolean', describe: 'also what the nodes hold, needed or not' },
    ...inventoryFlags,
  },
  run: async (args, io): Promise<ExitCode> => {
    const quiet = args.noProgress ? { ...io, progress: () => undefined } : io;
    const whole = await inventoryOf(args, quiet);
    const { only } = await import('../supply/only.ts');
    const report = args.why === undefined ? whole : only(whole, args.why);
    if (args.why !== undefined && report.images.length + report.files.length + report.invalid.length === 0)
      throw new AirgapError(
        'input',
        `Nothing in ${whole.source} names the image ${args.why}.`,
        'kubectl airgap images lists what is named.',
      );
    const { printInventory } = await import('../render/images.ts');
    const format = args.output === 'table' && args.why !== undefined ? 'wide' : args.output;
    io.print(printInventory(report, format, io.terminal));
    const searched =
      whole.images.length + whole.files.length + whole.invalid.length > 0 ||
      whole.unsearched.every(({ why }) => why === 'absent');
    return searched ? 0 : 3;
  },
});
