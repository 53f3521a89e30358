import { shown } from '../../shared/image/quote.ts';
import type { PodExplanation } from '../policy/explain-pod.ts';
import { cleanLine } from './clean.ts';
import { fitted } from './fitted.ts';
import { inkOf } from './ink.ts';
import { sentence } from './sentence.ts';
import { steps } from './steps.ts';
import type { Terminal } from './terminal.ts';

/** `explain pod`: the sentence about the pod, every image with what the policy does to it today, and what to do. */
export function podExplanationText(explanation: PodExplanation, terminal: Terminal): string {
  const { namespace, name, policy, mode, reason, images, next } = explanation;
  const head = policy === null ? '' : ` (policy ${policy}, mode ${mode ?? ''})`;
  const rows = images.map(({ field, original, image, action, result, reason: why }) => [
    field,
    original === null ? shown(image) : `${shown(image)} (was ${shown(original)})`,
    action === 'rewrite' ? `rewrite to ${result ?? ''}` : action,
    why,
  ]);
  const table = rows.length === 0 ? [] : ['', ...fitted(['FIELD', 'IMAGE', 'TODAY', 'REASON'], rows, terminal)];
  const todo = next.length === 0 ? [] : ['', ...steps(next, 0, Math.min(terminal.width, 100), inkOf(terminal))];
  const about = cleanLine(`Pod ${namespace}/${name}${head}: ${reason}.`);
  return [...sentence(about, terminal), ...table, ...todo, ''].join('\n');
}
