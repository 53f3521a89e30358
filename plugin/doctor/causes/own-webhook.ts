import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

/** Facts: `webhook`, `serviceNamespace`, `selector` (of its service), `ready`, `all`; `running`, `release`, `image`. */
export const ownWebhook: Readonly<
  Record<Extract<IdOf<'admission'>, 'webhook-replica-down' | 'webhook-other-release'>, Cause>
> = {
  'webhook-replica-down': {
    title: 'a replica of the airgap webhook is not ready',
    severity: 'warning',
    owner: 'who runs the webhook',
    summary: (facts) =>
      `of the airgap webhook in namespace ${fact(facts, 'serviceNamespace')} ${fact(facts, 'ready')} of ${fact(facts, 'all')} pods is ready: when that one goes, pods are no longer rewritten, and what is not allowed as written is turned away`,
    remedy: (facts) => [
      'See why the others are not ready; the first suspect is their image:',
      `$ kubectl -n ${word(facts, 'serviceNamespace')} get pods -l ${word(facts, 'selector')} -o wide`,
      `$ kubectl airgap doctor pulls -n ${word(facts, 'serviceNamespace')}`,
      ...(facts['deployment'] === undefined
        ? []
        : [
            'If only one was asked for, ask for two; they keep to different nodes where they can:',
            `$ kubectl -n ${word(facts, 'serviceNamespace')} scale deployment ${word(facts, 'deployment')} --replicas=2`,
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
