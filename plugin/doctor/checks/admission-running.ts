import { celKinds, webhookKinds } from '../admission/enforcers.ts';
import { doesTo, podPlaces, templatePlaces } from '../admission/places.ts';
import { slipped } from '../admission/slipped.ts';
import { templateKinds } from '../admission/templates-by-policy.ts';
import { unseenTemplates } from '../admission/unseen-templates.ts';
import { wouldBeRejected } from '../admission/would-be-rejected.ts';
import { wouldBeRewritten } from '../admission/would-be-rewritten.ts';
import type { Check } from '../check.ts';

export const runningImagesAllowed: Check = {
  id: 'AG-ADM-005',
  category: 'admission',
  title: 'what runs, and what templates make next, would come through the policy',
  explanation:
    'Every image of every running pod and of every template (Deployments, StatefulSets, DaemonSets, Jobs, CronJobs, ReplicationControllers and PodTemplates, whether or not they have pods now) is judged by the policy of its namespace, with the very decision that the webhook takes. What would be rejected cannot be made anew once the mode is Enforce; what runs and would be rewritten still comes from the outside, while a template is right as it is written if its pods are rewritten. So this is also the preview of a policy in the mode Audit or Warn, or of one given with --policy that is not applied yet. Each image is told once, and a template stands for its pods. Pods and Jobs that ended, mirror pods, exempt namespaces and those that the installation leaves out are passed over; ReplicaSets without a Deployment and custom resources are known by their pods only.',
  needs: ['airgappolicies', 'pods', 'namespaces'],
  wants: [...templateKinds, ...webhookKinds, ...celKinds],
  run: (snapshot, environment) => {
    const pods = podPlaces(snapshot).filter((place) => !slipped(place));
    const rejected = pods.filter(({ image }) => doesTo(image) === 'reject');
    const rewritten = pods.filter(({ image }) => doesTo(image) === 'rewrite');
    return [...wouldBeRejected(templatePlaces(snapshot), rejected, environment), ...wouldBeRewritten(rewritten)];
  },
  unseen: unseenTemplates,
};
