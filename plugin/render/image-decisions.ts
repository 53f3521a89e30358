import { shown } from '../../shared/image/quote.ts';
import type { ImageDecision } from '../policy/image-decisions.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { fitted } from './fitted.ts';
import { hang } from './hang.ts';
import { inkOf } from './ink.ts';
import type { Terminal } from './terminal.ts';

const styles = { rewrite: 'cyan', allow: 'green', reject: 'red', invalid: 'red' } as const;

/** `explain image`: one image in sentences, more of them in columns. */
export function decisionsText(decisions: readonly ImageDecision[], terminal: Terminal): string {
  const [first] = decisions;
  if (first !== undefined && decisions.length === 1) return one(first, terminal);
  const rows = decisions.map(({ image, action, result, reason }) => [
    shown(image),
    action,
    action === 'rewrite' ? (result ?? '') : '',
    reason,
  ]);
  return `${fitted(['IMAGE', 'ACTION', 'RESULT', 'REASON'], rows, terminal).join('\n')}\n`;
}

function one({ image, normalized, action, result, reason }: ImageDecision, terminal: Terminal): string {
  const ink = inkOf(terminal);
  const rows = [
    ['image', shown(image)],
    ['read as', normalized ?? 'no image reference'],
    ['action', action],
    ...(action === 'rewrite' ? [['result', result ?? '']] : []),
  ];
  const lines = columns(rows).map((line) =>
    line.replace(/^action +(\w+)$/, (text, word: string) => text.replace(word, ink(styles[action], word))),
  );
  return `${[...lines, ...hang('reason   ', 9, cleanLine(reason), terminal.width)].join('\n')}\n`;
}
