import type { Environment } from '../check.ts';
import type { Facts, Finding, ObjectRef } from '../finding.ts';
import { askedText } from './asked.ts';
import { decisionFacts } from './image-facts.ts';
import { underTemplates } from './made-by.ts';
import { mirrorFacts } from './mirror-host.ts';
import { objectOf, type PodPlace, type TemplatePlace } from './places.ts';
import { untouchedText, whyNothingActs } from './why-untouched.ts';

/** Something that holds an image which the policy turns away, and the pods that run because of it. */
interface Holder {
  readonly place: PodPlace | TemplatePlace;
  readonly object: ObjectRef;
  readonly pods: readonly PodPlace[];
}

/** What the policy turns away, by image and by whether anything does so yet; a template stands for its pods. */
export function wouldBeRejected(
  templates: readonly TemplatePlace[],
  pods: readonly PodPlace[],
  environment: Environment,
): Finding[] {
  const { made, alone } = underTemplates(templates, pods);
  const holders: Holder[] = [
    ...made.map(({ template, pods: own }) => ({ place: template, object: template.object, pods: own })),
    ...alone.map((place) => ({ place, object: objectOf(place), pods: [place] })),
  ];
  const groups = Map.groupBy(holders, ({ place }) =>
    JSON.stringify([place.policy.name, place.image.decision.image, whyStillLetIn(place), isBroken(place)]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [told(first.place, group, environment)];
  });
}

function told(first: Holder['place'], holders: readonly Holder[], environment: Environment): Finding {
  const { policy, image } = first;
  const { decision } = image;
  const stillLetIn = whyStillLetIn(first);
  return {
    cause: 'image-would-be-rejected',
    ...(isBroken(first) ? { severity: 'error' } : {}),
    confidence: 'certain',
    image: decision.image,
    facts: {
      ...decisionFacts(first),
      ...restsIn(holders),
      ...(stillLetIn === null ? {} : { stillLetIn }),
      ...(decision.action === 'invalid' ? { invalid: 'yes' } : {}),
      ...(decision.action === 'reject' && decision.rule === null ? mirrorFacts(policy, decision.image) : {}),
      ...fileFacts(first, environment),
    },
    evidence: evidenceOf(holders),
    objects: holders.map(({ object }) => object),
  };
}

/** Why a new pod with it is not turned away yet; null where it is. */
function whyStillLetIn({ policy, asked }: Holder['place']): string | null {
  const nothing = whyNothingActs(policy, 'reject');
  if (nothing !== null) return untouchedText(nothing);
  if (asked === null) return 'it cannot be seen here whether anything turns it away';
  return asked.why === 'asked' ? null : askedText(asked);
}

/**
 * Whether something stops working: a pod cannot be made anew under the policy as it stands, or could not if the file were
 * applied as it is and installed.
 */
function isBroken({ policy, asked }: Holder['place']): boolean {
  if (policy.mode !== 'Enforce') return false;
  const file = policy.generation === 0;
  return asked?.why === 'asked' || (file && (asked === null || asked.why === 'not-installed'));
}

/** Where no pod runs with it. */
function restsIn(holders: readonly Holder[]): Facts {
  if (holders.some(({ pods }) => pods.length > 0)) return {};
  return { restsIn: holders.length === 1 ? 'a template' : `${holders.length} templates` };
}

/** How many pods stand behind the templates that are named, and why pods have it although the policy is in force. */
function evidenceOf(holders: readonly Holder[]): string[] {
  const hidden = holders.filter(({ object }) => object.kind !== 'Pod').flatMap(({ pods }) => pods).length;
  const why = holders
    .flatMap(({ pods }) => pods)
    .flatMap(({ why: one }) =>
      one === null || one.why === 'mode' || one.why === 'not-applied' ? [] : untouchedText(one),
    );
  return [
    ...(hidden === 0 ? [] : [`${hidden} ${hidden === 1 ? 'pod' : 'pods'} of these templates run with it`]),
    ...new Set(why),
  ];
}

function fileFacts({ policy }: Holder['place'], { policyFile }: Environment): Facts {
  return policy.generation === 0 ? { file: policyFile ?? 'FILE' } : {};
}
