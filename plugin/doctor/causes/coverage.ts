import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

const again = 'kubectl airgap export --to cel | kubectl apply -f -';

/**
 * Facts: `namespaces` (the first few by name), `reason`. Of a webhook that leaves them out: `resource`, `object`,
 * `patchPath`, `selector` (the one that is shipped, as JSON), `label` (a key whose removal would do), `policy`,
 * `exemption` (a JSON patch).
 */
export const coverage: Readonly<
  Record<Extract<IdOf<'policy'>, 'namespace-not-covered' | 'cel-drift' | 'webhook-narrowed'>, Cause>
> = {
  'namespace-not-covered': {
    title: 'namespaces are left out that the policy means to cover, or that no policy covers',
    severity: 'warning',
    owner: 'cluster administrator',
    summary: (facts) => `not covered: ${fact(facts, 'namespaces')}: ${fact(facts, 'reason')}`,
    remedy: (facts) =>
      facts['object'] === undefined
        ? [
            'Pods run there that no policy looks at. Let a policy select them, by label or all of them:',
            '$ kubectl get airgappolicies -o custom-columns=NAME:.metadata.name,SELECTOR:.spec.namespaceSelector',
            '$ kubectl get namespaces --show-labels',
          ]
        : [
            ...(facts['label'] === undefined
              ? []
              : [
                  'Take away the label by which they opted out:',
                  `$ kubectl label namespace ${word(facts, 'name')} ${word(facts, 'label')}-`,
                ]),
            'Or give the webhook the selector back that it is installed with:',
            `$ kubectl patch ${word(facts, 'resource')} ${word(facts, 'object')} --type=json -p ${word(facts, 'restore')}`,
            ...(facts['file'] === undefined
              ? [
                  'Or, if they are left out on purpose, say so in the policy, with the reason:',
                  `$ kubectl patch airgappolicy ${word(facts, 'policy')} --type=json -p ${word(facts, 'exemption')}`,
                ]
              : [
                  `Or, if they are left out on purpose, say so in ${facts['file']}, under spec.exemptions:`,
                  `  - {namespaces: [${fact(facts, 'names')}], reason: WHY}`,
                ]),
          ],
    explanation:
      'What a policy covers and what the API server asks the webhook about are two lists: the namespaceSelector and exemptions of the policy, and the selectors of the webhook configurations. Where the second leaves out more than the first, the policy says that a namespace is covered and nothing there is rewritten or rejected. kube-system and the namespace of the webhook itself are left out by the installation, so that a cluster can always start; an exemption in a policy carries its reason and is only mentioned.',
    confirm: [
      '$ kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -l app.kubernetes.io/part-of=kubectl-airgap -o yaml',
      '$ kubectl get namespaces --show-labels',
    ],
  },
  'webhook-narrowed': {
    title: 'the airgap webhook is asked about less than it is installed for',
    severity: 'warning',
    owner: 'cluster administrator',
    summary: (facts) => {
      const ways = [
        ...(facts['restore'] === undefined ? [] : ['a pod with labels that its objectSelector leaves out']),
        ...(facts['missing'] === undefined || facts['missing'] === '' ? [] : [`what comes by ${facts['missing']}`]),
      ];
      return `the webhook ${fact(facts, 'webhook')} is not asked about all pods: ${ways.join(' and ')} ${facts['passes'] ?? 'passes'}`;
    },
    remedy: (facts) => [
      ...(facts['restore'] === undefined
        ? []
        : [
            'Whoever writes a pod chooses its labels, so leave out namespaces by an exemption of the policy instead. Take the selector away:',
            `$ ${facts['restore']}`,
          ]),
      ...(facts['restore'] !== undefined && facts['image'] === undefined
        ? []
        : [
            'Install it again, which brings its rules back:',
            `$ kubectl airgap install --image ${word(facts, 'image')} -n ${word(facts, 'webhookNamespace')}`,
          ]),
    ],
    explanation:
      'The webhook is installed for every pod of the namespaces that it covers: for its creation, its updates, and the containers that kubectl debug adds. Where somebody has given its configuration an objectSelector, a label on the pod is enough to get past it, and where a rule is missing, an image comes in by that way. Nothing is wrong with the pods of now, so nothing else tells of it.',
    confirm: [
      '$ kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -l app.kubernetes.io/part-of=kubectl-airgap -o yaml',
    ],
  },
  'cel-drift': {
    title: 'the CEL objects in the cluster are not those that the policies make',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) =>
      facts['file'] === undefined
        ? `the admission policies in CEL were made from other policies than those of now (${fact(facts, 'counts')}): the API server goes on deciding by the old ones`
        : `the admission policies in CEL are not those that ${facts['file']} makes (${fact(facts, 'counts')}): the API server decides by others`,
    remedy: (facts) => [
      ...(facts['renew'] === undefined && facts['remove'] !== undefined
        ? []
        : [
            `Make them ${facts['file'] === undefined ? 'again from the policies of now' : `from ${facts['file']}, if it is to be in force`}:`,
            `$ ${facts['renew'] ?? again}`,
          ]),
      ...(facts['remove'] === undefined
        ? []
        : [
            'No policy of these makes the following; take them away:',
            ...facts['remove'].split('\n').map((line) => `$ ${line}`),
          ]),
    ],
    explanation:
      'An AirgapPolicy in the form of MutatingAdmissionPolicy and ValidatingAdmissionPolicy is a copy. When the AirgapPolicy changes, the copy stays as it was until it is made again, so webhook and API server may disagree: with both installed, what one rewrites the other turns away. Somebody may also have changed an object by hand, or have deleted its binding, without which it does nothing.',
    confirm: ['$ kubectl airgap export --to cel | kubectl diff -f -'],
  },
};
