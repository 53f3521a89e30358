import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { hang } from './hang.ts';
import { inkOf } from './ink.ts';
import type { Terminal } from './terminal.ts';
import { columnsOf } from './wrap.ts';

/**
 * Rows under their headings in columns, where the terminal is wide enough for all of them; where it is not, a block for
 * each row with a line for each cell. In a pipe a row stays a row, for grep and awk. A row whose first cell is empty goes
 * on with the one before it.
 */
export function fitted(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  terminal: Terminal,
): readonly string[] {
  const lines = columns([headings, ...rows]);
  const { columns: room, width } = terminal;
  if (room === undefined || lines.every((line) => columnsOf(line) <= room)) return lines;
  const ink = inkOf(terminal);
  const indent = Math.max(...headings.map((heading) => heading.length)) + 2;
  const block = (row: readonly string[]): string[] =>
    row.flatMap((cell, index) => {
      const heading = row[0] === '' ? '' : (headings[index] ?? '');
      return cell === '' ? [] : hang(ink('dim', heading.padEnd(indent)), indent, cleanLine(cell), width);
    });
  return rows.flatMap((row, index) => (index === 0 || row[0] === '' ? block(row) : ['', ...block(row)]));
}
