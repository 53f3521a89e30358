import { release } from '../../shared/release.ts';
import { command } from './command.ts';

export const version = command({
  name: 'version',
  describe: 'Print the version of this program; nothing is asked of the cluster or the network',
  examples: [['Which release is this', 'kubectl airgap version']],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['json'],
      describe: 'print one JSON document instead',
    },
  },
  run: async ({ output }, io) => {
    io.print(output === 'json' ? `${JSON.stringify({ version: release }, null, 2)}\n` : `${release}\n`);
    return 0;
  },
});
