import type { Command } from '../commands/command.ts';
import { commands } from '../commands/index.ts';
import type { Pages } from '../pages.ts';
import { release } from '../../shared/release.ts';
import { helpText } from './help.ts';

/** Everything that `version` and `--help` answer, to be written beside the program when it is built. */
export function pages(): Pages {
  return { version: release, help: Object.fromEntries(helpPages([], commands)) };
}

/** Every page of help under the words that ask for it: `''`, `doctor`, `explain image`. */
function helpPages(path: readonly Command[], children: readonly Command[]): [string, string][] {
  return [
    [path.map(({ name }) => name).join(' '), helpText(path, commands)],
    ...children.flatMap((child) => helpPages([...path, child], child.subcommands ?? [])),
  ];
}
