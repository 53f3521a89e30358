import type { Flags } from './command.ts';
import { connectionFlags, namespaceFlags } from './flags.ts';

/** `-o` of an inventory. */
export const inventoryOutput = {
  type: 'string',
  short: 'o',
  value: 'FORMAT',
  choices: ['table', 'wide', 'name', 'json', 'yaml'],
} as const;

/** What is searched for images: shared by every command that starts from what is needed. */
export const inventoryFlags = {
  filename: {
    type: 'strings',
    short: 'f',
    value: 'FILE|DIR|-',
    complete: 'files',
    describe:
      'search manifests instead of a cluster: a file, a folder, a kustomize folder, a Helm chart, or - for standard input',
  },
  values: { type: 'strings', value: 'FILE', complete: 'files', describe: 'values for the charts among the folders' },
  list: {
    type: 'strings',
    value: 'FILE',
    complete: 'files',
    describe: 'references, one a line, instead of a cluster or beside -f',
  },
  from: {
    type: 'string',
    value: 'PATH',
    complete: 'files',
    describe: 'search a recording (a directory or a .tar.gz) instead of a live cluster',
  },
  ...namespaceFlags,
  'no-progress': { type: 'boolean', describe: 'no progress line on standard error' },
  ...connectionFlags,
} as const satisfies Flags;
