import { shown } from '../../shared/image/quote.ts';
import type { PodExplanation } from '../policy/explain-pod.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';
import { inkOf } from './ink.ts';
import { steps } from './steps.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** `explain pod`: the sentence about the pod, every image with what the policy does to it today, and what to do. */
export function podExplanationText(explanation: PodExplanation, terminal: Terminal): string {
  const { namespace, name, policy, mode, reason, images, next } = explanation;
  const width = Math.min(terminal.width, 100);
  const head = policy === null ? '' : ` (policy ${policy}, mode ${mode ?? ''})`;
  const rows = images.map(({ field, original, image, action, result, reason: why }) => [
    field,
    original === null ? shown(image) : `${shown(image)} (was ${shown(original)})`,
    action === 'rewrite' ? `rewrite to ${result ?? ''}` : action,
    why,
  ]);
  const table = rows.length === 0 ? [] : ['', ...columns([['FIELD', 'IMAGE', 'TODAY', 'REASON'], ...rows])];
  const todo = next.length === 0 ? [] : ['', ...steps(next, 0, width, inkOf(terminal))];
  return [...wrap(cleanLine(`Pod ${namespace}/${name}${head}: ${reason}.`), width), ...table, ...todo, ''].join('\n');
}
