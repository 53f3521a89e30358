import type { Result } from '../doctor/report.ts';
import type { Ink } from './ink.ts';
import type { Terminal } from './terminal.ts';

const looks = {
  ok: { symbol: '√', ascii: '+', style: 'green' },
  error: { symbol: '×', ascii: 'x', style: 'red' },
  warning: { symbol: '‼', ascii: '!', style: 'yellow' },
  skipped: { symbol: '-', ascii: '-', style: 'dim' },
  unknown: { symbol: '?', ascii: '?', style: 'magenta' },
} as const satisfies Record<Result, unknown>;

/** Columns of the longest verdict. */
export const verdictWidth = 9;

/** `× error`: a symbol for the eye and a word for grep and for everybody who sees no difference in the symbols. */
export function verdict(result: Result, terminal: Terminal, ink: Ink): string {
  const { symbol, ascii, style } = looks[result];
  return ink(style, `${terminal.unicode ? symbol : ascii} ${result}`.padEnd(verdictWidth));
}
