import type { Flags } from './command.ts';
import { outputFlag, registryFlags } from './flags.ts';

/** What every subcommand of `mirror` that reads a lock and asks registries takes. */
export const mirrorFlags = {
  lock: {
    type: 'string',
    value: 'FILE',
    complete: 'files',
    describe: 'the lock file (default airgap.lock.yaml, of the folder where --from names one)',
  },
  from: {
    type: 'string',
    value: 'dir:PATH',
    describe: "copy from this folder; without it from the images' own registries",
  },
  to: {
    type: 'string',
    value: 'dir:PATH',
    describe: 'copy to this folder; without it to the mirror that the lock names',
  },
  ...outputFlag,
  ...registryFlags,
  'no-progress': { type: 'boolean', describe: 'no progress on standard error' },
} as const satisfies Flags;
