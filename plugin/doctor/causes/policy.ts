import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import { coverage } from './coverage.ts';
import type { IdOf } from './ids.ts';
import { notAsWanted } from './not-as-wanted.ts';

const look = (facts: Facts): string => `$ kubectl get airgappolicy ${word(facts, 'policy')} -o yaml`;

/** Facts: `policy`, and what each entry says. */
export const policy: Readonly<Record<IdOf<'policy'>, Cause>> = {
  ...coverage,
  ...notAsWanted,
  'policy-not-enforced': {
    title: 'a policy exists and nothing enforces it',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) =>
      `the policy ${fact(facts, 'policy')} (mode ${fact(facts, 'mode')}) is not enforced: ${fact(facts, 'missing')}`,
    remedy: (facts) => [
      'Install the webhook, or install it again: what is there stays, what is missing is added. Its image has to be in your registry:',
      `$ kubectl airgap install --image ${word(facts, 'image')} -n ${word(facts, 'webhookNamespace')}`,
      'Pods that are there already stay as they are until they are made anew:',
      '$ kubectl airgap doctor admission',
    ],
    explanation:
      'An AirgapPolicy is only a document: a mutating webhook has to rewrite pods by it, and a validating webhook has to turn away what it does not allow. Either is missing, or its rules do not cover pods. Without the first nothing is rewritten; without the second anything may run.',
    confirm: [
      '$ kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -l app.kubernetes.io/part-of=kubectl-airgap',
    ],
  },
  'policy-missing': {
    title: 'the airgap webhook runs without any policy',
    severity: 'warning',
    owner: 'cluster administrator',
    summary: () => 'the airgap webhook is installed and there is no AirgapPolicy: it lets everything through',
    remedy: () => [
      'Write a policy and begin with the mode Audit, which changes nothing:',
      '$ kubectl explain airgappolicy.spec',
      '$ kubectl apply -f policy.yaml',
      'What it would do to what runs now is then told by:',
      '$ kubectl airgap doctor admission',
    ],
    explanation:
      'The webhook decides by AirgapPolicies and by nothing else. While there is none, every image of every pod is let through as it is, and each admission pays for a call that does nothing.',
    confirm: ['$ kubectl get airgappolicies'],
  },
  'policy-refused': {
    title: 'a policy is not sound, so it is not in force',
    severity: 'error',
    owner: 'author of the policy',
    summary: (facts) => `the policy ${fact(facts, 'policy')} is refused: ${fact(facts, 'problem')}`,
    remedy: (facts) => [
      'Take a copy, mend it, and see that it loads before it is applied:',
      `$ kubectl get airgappolicy ${word(facts, 'policy')} -o yaml > airgap-policy.yaml`,
      '$ kubectl airgap explain image --policy airgap-policy.yaml nginx',
      '$ kubectl apply -f airgap-policy.yaml',
    ],
    explanation:
      'The API server checks a policy by its schema, the webhook once more as a whole: a rewritten image must never be rewritten again, no source may stand twice, every prefix must be one. A policy that is refused is not in force. If an earlier form of it was, that one stays in force in the webhooks that have seen it, until they are restarted.',
    confirm: [
      "$ kubectl get airgappolicies -o custom-columns='NAME:.metadata.name,READY:.status.conditions[0].reason,WHY:.status.conditions[0].message'",
    ],
  },
  'policy-conflict': {
    title: 'two policies claim the same namespaces',
    severity: 'error',
    owner: 'author of the policy',
    summary: (facts) =>
      `the policy ${fact(facts, 'policy')} is without effect ${fact(facts, 'place')}: the older policy ${fact(facts, 'inForce')} applies instead`,
    remedy: (facts) => [
      look(facts),
      ...(facts['useless'] === undefined
        ? [
            'Narrow the namespaceSelector of one of the two, so that no namespace is selected by both:',
            `$ kubectl edit airgappolicy ${word(facts, 'policy')}`,
          ]
        : [
            `Put what is right in it into ${fact(facts, 'inForce')}, or give it a namespaceSelector: one that selects goes before one that covers all. Then, or if nothing in it is needed:`,
            `$ kubectl delete airgappolicy ${word(facts, 'policy')}`,
          ]),
    ],
    explanation:
      'One policy applies to a namespace. One that selects namespaces by labels goes before one that covers all of them; of two of the same rank the older one applies, and the other is without effect there, however good it is. That is decided the same way by the webhook, by check and by this program.',
    confirm: [
      '$ kubectl get airgappolicies -o custom-columns=NAME:.metadata.name,CREATED:.metadata.creationTimestamp,SELECTOR:.spec.namespaceSelector',
    ],
  },
  'policy-not-observed': {
    title: 'the webhook has not taken up the newest form of a policy',
    severity: 'warning',
    owner: 'who runs the webhook',
    summary: (facts) =>
      `generation ${fact(facts, 'generation')} of the policy ${fact(facts, 'policy')} has not been taken up by a webhook: ${fact(facts, 'seen')}`,
    remedy: (facts) => [
      'It takes a few seconds. If it stays so, see what the webhook says: may it still watch policies, does it hold the Lease?',
      ...(facts['serviceNamespace'] === undefined
        ? [`Look at the log of the webhook at ${fact(facts, 'server')}.`]
        : [
            `$ kubectl -n ${word(facts, 'serviceNamespace')} logs service/${word(facts, 'service')} --tail=50`,
            `$ kubectl -n ${word(facts, 'serviceNamespace')} get leases,pods`,
          ]),
    ],
    explanation:
      'The webhook follows the policies and writes into the status of each which generation it decides by. While that is older than the object, pods are still judged by the earlier form. One replica at a time writes: the holder of the Lease.',
    confirm: [
      '$ kubectl get airgappolicies -o custom-columns=NAME:.metadata.name,IS:.metadata.generation,SEEN:.status.observedGeneration',
    ],
  },
};
