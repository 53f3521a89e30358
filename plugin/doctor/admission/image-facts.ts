import { parseReference } from '../../../shared/image/reference.ts';
import type { Facts } from '../finding.ts';
import { madeAnew } from './made-anew.ts';
import type { PodPlace, TemplatePlace } from './places.ts';

/** What the causes about images say of the policy and of its decision. */
export function decisionFacts({ policy, image }: PodPlace | TemplatePlace): Facts {
  const { result, reason } = image.decision;
  const target = parseReference(result ?? '');
  return {
    policy: policy.name,
    mode: policy.generation === 0 ? `${policy.mode}, not applied` : policy.mode,
    reason,
    result: result ?? '',
    ...(target.ok ? { registry: target.reference.host } : {}),
  };
}

const commandsShown = 5;

/** The commands after which the pods have been made anew, the first few, each once. */
export function againOf(places: readonly PodPlace[]): string {
  return [...new Set(places.map(({ pod }) => madeAnew(pod)))].slice(0, commandsShown).join('\n');
}
