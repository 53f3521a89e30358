import type { Finding } from '../finding.ts';
import { againOf, decisionFacts } from './image-facts.ts';
import { objectOf, type PodPlace } from './places.ts';
import { untouchedText } from './why-untouched.ts';

/** Pods whose images the policy rewrites, by image and by why they were not. */
export function wouldBeRewritten(places: readonly PodPlace[]): Finding[] {
  const groups = Map.groupBy(places, (place) =>
    JSON.stringify([place.policy.name, place.image.decision.image, whyOf(place), isCured(place)]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [told(first, group)];
  });
}

function told(first: PodPlace, places: readonly PodPlace[]): Finding {
  const why = whyOf(first);
  return {
    cause: 'image-would-be-rewritten',
    confidence: first.why?.why === 'missed' ? 'likely' : 'certain',
    image: first.image.decision.image,
    facts: {
      ...decisionFacts(first),
      because: why ?? 'it cannot be seen here why',
      ...(isCured(first) ? { again: againOf(places) } : {}),
    },
    evidence: why === null || first.why?.why === 'mode' || first.why?.why === 'not-applied' ? [] : [why],
    objects: places.map(objectOf),
  };
}

function whyOf({ why }: PodPlace): string | null {
  return why === null ? null : untouchedText(why);
}

/** Whether the pod would be rewritten if it were made anew. */
function isCured({ why, asked }: PodPlace): boolean {
  return why?.why !== 'mode' && why?.why !== 'not-applied' && asked?.why === 'asked';
}
