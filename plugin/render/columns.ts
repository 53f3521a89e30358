import Table from 'cli-table3';
import { borderless } from './borderless.ts';
import { cleanLine } from './clean.ts';

/** Rows in columns as kubectl prints them, for cells that come from a cluster or a file. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const table = new Table({ ...borderless });
  for (const row of rows) table.push(row.map(cleanLine));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
