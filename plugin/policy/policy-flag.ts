import type { Flags } from '../commands/command.ts';

/** For every command that needs a policy. */
export const policyFlag = {
  policy: {
    type: 'string',
    value: 'FILE',
    complete: 'files',
    describe: 'read the AirgapPolicy from a file instead of the cluster',
  },
} as const satisfies Flags;
