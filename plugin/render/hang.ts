import { wrap } from './wrap.ts';

/**
 * Text wrapped into a column that starts at `indent`, after `head` on its first line. `paint` colours each line of its
 * own, so that a pager shows every one right.
 */
export function hang(
  head: string,
  indent: number,
  text: string,
  width: number,
  paint: (line: string) => string = (line) => line,
): string[] {
  const [first = '', ...rest] = wrap(text, width - indent);
  const space = ' '.repeat(indent);
  return [head + paint(first), ...rest.map((line) => space + paint(line))];
}
