import { serverName } from '../../../shared/kube/webhook-client.ts';
import { conflicts } from '../../../shared/policy/namespace.ts';
import { soundPolicies, type PolicyObject } from '../../../shared/policy/policy-object.ts';
import { printProblem } from '../../../shared/policy/problem.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import { enforcersOf, namespaceFinder } from '../admission/enforcers.ts';
import { clientFacts } from '../admission/webhooks.ts';
import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';

/** A policy that has just been applied is not late. */
const patience = 60_000;
const shown = 5;

export const policiesInForce: Check = {
  id: 'AG-ADM-002',
  category: 'admission',
  title: 'every policy is in force as it is written',
  explanation:
    'Each policy is loaded here as the webhook loads it, held against the others, and its status is read: one that does not load, one that another policy of the same rank stands before, and one whose newest form no webhook has taken up yet are told. What the webhook itself says of it in the status counts as well, since it may be of another release.',
  needs: ['airgappolicies'],
  wants: ['namespaces', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  run: (snapshot, { now }) => [
    ...snapshot.airgappolicies.items.flatMap((policy) => refused(policy) ?? unobserved(policy, snapshot, now)),
    ...conflicting(snapshot),
  ],
};

const objectsOf = (name: string): Finding['objects'] => [{ kind: 'AirgapPolicy', name }];

function refused({ meta, loaded, observed, generation }: PolicyObject): Finding | null {
  const problems = loaded.ok ? [] : loaded.problems.map((problem) => printProblem('', problem));
  const current = observed !== null && observed.generation === generation ? observed.ready : null;
  const told = current?.reason === 'Invalid' ? [`status: ${current.message}`] : [];
  const [problem] = [...problems, ...told];
  if (problem === undefined) return null;
  return {
    cause: 'policy-refused',
    confidence: problems.length > 0 ? 'certain' : 'likely',
    facts: { policy: meta.name, problem: problem.replace(/^status: /, '').replace(/\.$/, '') },
    evidence: [...problems, ...told],
    objects: objectsOf(meta.name),
  };
}

/** Only the webhook writes a status, so without one there is nobody to wait for. */
function unobserved({ meta, observed, generation }: PolicyObject, snapshot: Snapshot, now: Date): Finding[] {
  const client = enforcersOf(snapshot).flatMap(({ called }) => called?.webhook.client ?? [])[0];
  const fresh = now.getTime() - Date.parse(meta.creationTimestamp ?? '') < patience;
  if (client === undefined || meta.uid === '' || fresh) return [];
  if (observed !== null && observed.generation >= generation) return [];
  const seen = observed === null ? 'it has no status' : `its status speaks of generation ${observed.generation}`;
  const where: Facts = { ...clientFacts(client), server: serverName(client) ?? client.url ?? '' };
  return [
    {
      cause: 'policy-not-observed',
      confidence: 'certain',
      facts: { policy: meta.name, generation: String(generation), seen, ...where },
      evidence: [],
      objects: objectsOf(meta.name),
    },
  ];
}

function conflicting(snapshot: Snapshot): Finding[] {
  const find = namespaceFinder(snapshot);
  const namespaces = snapshot.namespaces.items.map(({ meta }) => find(meta.name));
  const lost = conflicts(soundPolicies(snapshot.airgappolicies.items), namespaces);
  const pairs = Map.groupBy(lost, ({ policy, inForce }) => `${policy.name} ${inForce.name}`);
  return [...pairs.values()].flatMap((places): Finding[] => {
    const [first] = places;
    if (first === undefined) return [];
    const names = places.flatMap(({ namespace }) => namespace ?? []);
    const more = names.length > shown ? ` and ${names.length - shown} more` : '';
    const everywhere = first.namespace === null;
    return [
      {
        cause: 'policy-conflict',
        confidence: 'certain',
        facts: {
          policy: first.policy.name,
          inForce: first.inForce.name,
          place: everywhere ? 'everywhere' : `in ${names.slice(0, shown).join(', ')}${more}`,
          ...(everywhere ? { useless: 'yes' } : {}),
        },
        evidence: [
          `${first.inForce.name} was created ${first.inForce.createdAt}, ${first.policy.name} ${first.policy.createdAt}`,
        ],
        objects: [...objectsOf(first.policy.name), ...names.map((name) => ({ kind: 'Namespace', name }))],
      },
    ];
  });
}
