import { outputFlag } from '../flags.ts';
import { printedMedia } from './printed-media.ts';
import { command, type ExitCode } from '../command.ts';

export const check = command({
  name: 'check',
  describe: 'Read volumes or a folder of images to the last byte and hold them against their sums',
  details: [
    'Each volume is judged alone: the others of its set need not be there. Nothing is written, and no network is used.',
    'Exit code: 0 when every byte is right, 1 when one is not, 2 for unreadable input.',
  ],
  examples: [
    ['Before the medium leaves, and when it arrives', 'kubectl airgap mirror check /media/usb'],
    ['A folder of images', 'kubectl airgap mirror check images'],
  ],
  operand: { name: 'path', describe: 'volume, or folder', many: true, required: true, complete: 'files' },
  flags: {
    ...outputFlag,
    'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
  },
  run: async (args, io): Promise<ExitCode> => {
    const [{ checkMedia }, { checkSummary }] = await Promise.all([
      import('../../supply/media/check.ts'),
      import('../../render/media.ts'),
    ]);
    const outcome = await checkMedia({
      paths: args.operands,
      signal: io.signal,
      progress: args.noProgress ? () => undefined : io.progress,
    });
    io.print(await printedMedia(args.output, 'MirrorCheckReport', outcome, () => checkSummary(outcome)));
    return outcome.faults.length > 0 ? 1 : 0;
  },
});
