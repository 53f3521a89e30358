import type { Flags } from './command.ts';

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
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    choices: ['table', 'json', 'yaml'],
    default: 'table',
    describe: 'how to print the result',
  },
  registry: {
    type: 'strings',
    value: 'HOST',
    describe: 'further host that may be asked, such as a token service; http://HOST where it speaks plain HTTP',
  },
  'registry-ca': {
    type: 'string',
    value: 'FILE',
    complete: 'files',
    describe: 'CA certificates of registries (PEM)',
  },
  'no-progress': { type: 'boolean', describe: 'no progress on standard error' },
} as const satisfies Flags;
