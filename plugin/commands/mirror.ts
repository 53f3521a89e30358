import { AirgapError } from '../../shared/errors.ts';
import { command } from './command.ts';
import { mirrorCommands } from './mirror/index.ts';

export const mirror = command({
  name: 'mirror',
  describe: 'Copy what the lock pins to the mirror, or over a folder on media, read it back, and clean up',
  examples: [
    ['What would move, and how long does it take?', 'kubectl airgap mirror plan --rate 100Mbit/s'],
    ['What fits on the disk?', 'kubectl airgap mirror plan --to dir:/media/usb/images'],
    ['What does nobody need any more?', 'kubectl airgap mirror prune'],
  ],
  subcommands: mirrorCommands,
  flags: {},
  run: () => {
    const names = mirrorCommands.map(({ name }) => name).join(', ');
    throw new AirgapError(
      'usage',
      'It is not said what to do about the mirror.',
      `Choose one of ${names}: kubectl airgap mirror --help`,
    );
  },
});
