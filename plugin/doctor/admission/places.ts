import type { Pod } from '../../../shared/kube/pod.ts';
import type { CompiledPolicy } from '../../../shared/policy/compile.ts';
import type { JudgedImage } from '../../../shared/policy/judge.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { ObjectRef } from '../finding.ts';
import { askedAbout, type Asked } from './asked.ts';
import { enforcersOf, leftOutByDesign, unseenEnforcers, type Enforcer } from './enforcers.ts';
import { podsByPolicy } from './pods-by-policy.ts';
import { templatesByPolicy } from './templates-by-policy.ts';
import { whyNothingActs, whyUntouched, type WhyUntouched } from './why-untouched.ts';

/** An image that is not as the policy wants it, where it is. */
interface Place {
  readonly policy: CompiledPolicy;
  readonly image: JudgedImage;
  /** What would rewrite or reject a pod that is made anew; null where it cannot be seen. */
  readonly asked: Asked | null;
}

export interface PodPlace extends Place {
  readonly pod: Pod;
  /** Why the pod has it; null where it cannot be seen. */
  readonly why: WhyUntouched | null;
}

export interface TemplatePlace extends Place {
  readonly object: ObjectRef;
}

export function doesTo({ decision: { action } }: JudgedImage): Enforcer['does'] {
  return action === 'rewrite' ? 'rewrite' : 'reject';
}

/** Every image of a running pod that would be rewritten or turned away. */
export function podPlaces(snapshot: Snapshot): PodPlace[] {
  const enforcers = enforcersOf(snapshot);
  const seen = unseenEnforcers(snapshot) === null;
  return podsByPolicy(snapshot).flatMap(({ pod, namespace, policy, images }) =>
    images.flatMap((image): PodPlace[] => {
      const does = doesTo(image);
      if (leftOutByDesign(namespace, enforcers, does)) return [];
      const asked = seen ? askedAbout(pod.meta.labels, namespace, policy, does, enforcers) : null;
      const why = seen ? whyUntouched(pod, namespace, policy, does, enforcers) : whyNothingActs(policy, does);
      return [{ policy, image, asked, pod, why }];
    }),
  );
}

/** Every image of a template that would be turned away, be there pods of it or not. */
export function templatePlaces(snapshot: Snapshot): TemplatePlace[] {
  const enforcers = enforcersOf(snapshot);
  const seen = unseenEnforcers(snapshot) === null;
  return templatesByPolicy(snapshot).flatMap(({ workload: { kind, meta, podLabels }, namespace, policy, images }) => {
    if (leftOutByDesign(namespace, enforcers, 'reject')) return [];
    const asked = seen ? askedAbout(podLabels, namespace, policy, 'reject', enforcers) : null;
    const object = { kind, namespace: meta.namespace, name: meta.name };
    return images.map((image) => ({ policy, image, asked, object: { ...object, ...containerOf(image) } }));
  });
}

export function objectOf({ pod, image }: PodPlace): ObjectRef {
  const { namespace, name } = pod.meta;
  const node = pod.nodeName === '' ? {} : { node: pod.nodeName };
  return { kind: 'Pod', namespace, name, ...containerOf(image), ...node };
}

function containerOf({ position }: JudgedImage): { readonly container?: string } {
  const [list = '', container] = position.owner.split('/');
  return list === 'volumes' || container === undefined ? {} : { container };
}
