import type { Pod } from '../../../shared/kube/pod.ts';
import { deploymentOf } from './made-anew.ts';
import type { PodPlace, TemplatePlace } from './places.ts';

/** A template, and the pods that have the image from it. */
export interface TemplateWithPods {
  readonly template: TemplatePlace;
  readonly pods: readonly PodPlace[];
}

/**
 * Puts pods under the template that made them, where it names the image that they have: one thing to change is one thing
 * to read. What is left are pods of nobody, or with an image that their template does not name any more.
 */
export function underTemplates(
  templates: readonly TemplatePlace[],
  pods: readonly PodPlace[],
): { readonly made: readonly TemplateWithPods[]; readonly alone: readonly PodPlace[] } {
  const known = new Map(
    templates.map((template): [string, { template: TemplatePlace; pods: PodPlace[] }] => {
      const { kind, namespace = '', name } = template.object;
      return [keyOf(template, namespace, kind, name), { template, pods: [] }];
    }),
  );
  const alone = pods.filter((place) => {
    const { namespace } = place.pod.meta;
    const [made] = makersOf(place.pod).flatMap(([kind, name]) => known.get(keyOf(place, namespace, kind, name)) ?? []);
    made?.pods.push(place);
    return made === undefined;
  });
  return { made: [...known.values()], alone };
}

function keyOf(
  { image: { position } }: PodPlace | TemplatePlace,
  namespace: string,
  kind: string,
  name: string,
): string {
  return [namespace, kind, name, position.owner, position.image].join('\u0000');
}

/** What may have made a pod, nearest first. A Job of a CronJob has its name and the minute of its run. */
function makersOf({ meta }: Pod): (readonly [kind: string, name: string])[] {
  const [owner] = meta.owners;
  if (owner === undefined) return [];
  const deployment = deploymentOf({ meta });
  if (deployment !== undefined) return [['Deployment', deployment]];
  const [, cronJob] = owner.kind === 'Job' ? (/^(.+)-\d+$/.exec(owner.name) ?? []) : [];
  return [[owner.kind, owner.name], ...(cronJob === undefined ? [] : [['CronJob', cronJob] as const])];
}
