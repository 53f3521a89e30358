import { shown } from '../../shared/image/quote.ts';
import type { PodExplanation } from '../policy/explain-pod.ts';
import { cleanLine } from './clean.ts';
import { columns } from './columns.ts';

/** `explain pod`: the sentence about the pod, then every image with what the policy does to it today. */
export function podExplanationText({ namespace, name, policy, mode, reason, images }: PodExplanation): string {
  const head = policy === null ? '' : ` (policy ${policy}, mode ${mode ?? ''})`;
  const rows = images.map(({ field, original, image, action, result, reason: why }) => [
    field,
    original === null ? shown(image) : `${shown(image)} (was ${shown(original)})`,
    action === 'rewrite' ? `rewrite to ${result ?? ''}` : action,
    why,
  ]);
  const table = rows.length === 0 ? [] : ['', ...columns([['FIELD', 'IMAGE', 'TODAY', 'REASON'], ...rows])];
  return [cleanLine(`Pod ${namespace}/${name}${head}: ${reason}.`), ...table, ''].join('\n');
}
