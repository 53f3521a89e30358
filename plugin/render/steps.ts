import { clean } from './clean.ts';
import { hang } from './hang.ts';
import type { Ink } from './ink.ts';

/**
 * Steps of a remedy or a confirmation in a column: prose wrapped, commands (lines that start with "$ ") without the
 * prompt and never wrapped, however long, because what is pasted must run.
 */
export function steps(lines: readonly string[], indent: number, width: number, ink: Ink): string[] {
  const space = ' '.repeat(indent);
  return lines.flatMap((line) => {
    if (!line.startsWith('$ ')) return hang(space, indent, clean(line), width);
    const command = clean(line.slice(2)).split('\n');
    // A heredoc ends at a word in the first column, so a command of more than one line cannot be indented.
    if (command.length > 1) return ['', ...command.map((part) => ink('cyan', part)), ''];
    return command.map((part) => `${space}  ${ink('cyan', part)}`);
  });
}
