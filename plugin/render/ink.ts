import { styleText } from 'node:util';
import type { Terminal } from './terminal.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours text, or leaves it as it is where the output shows none. */
export type Ink = (style: Style, text: string) => string;

export function inkOf(terminal: Terminal): Ink {
  // The terminal has been asked once, with --color on top; styleText must not ask the environment again.
  return (style, text) => (terminal.colour && text !== '' ? styleText(style, text, { validateStream: false }) : text);
}
