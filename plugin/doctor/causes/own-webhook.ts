import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

/**
 * Facts: `serviceNamespace`, `selector` (of its service), `ready`, `all`, `single` where there is but one pod, `deployment`;
 * `running`, `release`, `image`.
 */
export const ownWebhook: Readonly<
  Record<Extract<IdOf<'admission'>, 'webhook-replica-down' | 'webhook-other-release'>, Cause>
> = {
  'webhook-replica-down': {
    title: 'the airgap webhook has fewer than two ready replicas, or one that is not ready',
    severity: 'warning',
    owner: 'who runs the webhook',
    summary: (facts) =>
      facts['single'] === undefined
        ? `of the airgap webhook in namespace ${fact(facts, 'serviceNamespace')} only ${fact(facts, 'ready')} of ${fact(facts, 'all')} pods are ready`
        : `the airgap webhook in namespace ${fact(facts, 'serviceNamespace')} has only one pod: when it goes, pods are no longer rewritten, and what is not allowed as written is turned away`,
    remedy: (facts) => [
      facts['single'] === undefined
        ? 'See why the others are not ready; the first suspect is their image:'
        : 'See whether another one was asked for and could not be made:',
      `$ kubectl -n ${word(facts, 'serviceNamespace')} get deployments,pods -l ${word(facts, 'selector')} -o wide`,
      facts['single'] === undefined
        ? `$ kubectl airgap doctor pulls -n ${word(facts, 'serviceNamespace')}`
        : 'If not, ask for two; they keep to different nodes where they can:',
      ...(facts['single'] === undefined
        ? []
        : [
            `$ kubectl -n ${word(facts, 'serviceNamespace')} scale deployment ${facts['deployment'] === undefined ? 'airgap-webhook' : word(facts, 'deployment')} --replicas=2`,
          ]),
    ],
    explanation:
      'The webhook is installed with two replicas, so that a node can be drained or a pod replaced without anybody noticing. With one, the next restart is a gap: the mutating webhook fails open and the validating one fails closed, so pods whose images need rewriting are turned away until it is back.',
    confirm: ['$ kubectl get pods -A -l app.kubernetes.io/name=airgap-webhook -o wide'],
  },
  'webhook-other-release': {
    title: 'the airgap webhook is of another release than this program',
    severity: 'warning',
    owner: 'who runs the webhook',
    summary: (facts) =>
      `the airgap webhook is of release ${fact(facts, 'running')} and this program of ${fact(facts, 'release')}: what they say of an image may differ`,
    remedy: (facts) => [
      'Bring the image of this release into the mirror and install it; the policies stay:',
      `$ kubectl airgap install --image ${word(facts, 'image')}`,
      'If the webhook is the newer one, use the plugin of its release.',
    ],
    explanation:
      'The webhook writes its own release into the status of each policy. The plugin answers "what would the webhook do" by its own copy of the same decision, so the two are meant to be of the same release: a newer one may know fields of a policy, kinds of objects or rules of names that the other does not.',
    confirm: ['$ kubectl get airgappolicies -o custom-columns=NAME:.metadata.name,WEBHOOK:.status.observedBy'],
  },
};
