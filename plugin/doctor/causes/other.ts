import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { onNode } from './place.ts';

export const other: Readonly<Record<IdOf<'other'>, Cause>> = {
  'not-image': {
    title: 'a fault that only looks like one of an image',
    severity: 'warning',
    owner: 'cluster administrator',
    summary: (facts) => `${fact(facts, 'name')} does not start, for a reason that is not about images`,
    remedy: (facts) => [
      'See all that is known of the pod:',
      `$ kubectl describe pod ${word(facts, 'name')} -n ${word(facts, 'namespace')}`,
      'and let the other categories look for it:',
      '$ kubectl airgap doctor certs rbac admission',
    ],
    explanation:
      'Messages of the network plugin, of admission webhooks, of the API server and of other volumes speak of hosts, certificates and things that are not found, just like those of a pull. They are recognised so that nobody is sent to look at a registry for them; they are not reported under pulls.',
    confirm: ['$ kubectl describe pod NAME -n NAMESPACE'],
    example:
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "5d3c": plugin type="calico" failed (add): Get "https://10.96.0.1:443/apis": x509: certificate signed by unknown authority',
  },
  unclassified: {
    title: 'a pull failed with a text that is not known',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) =>
      `${fact(facts, 'image')} cannot be pulled, for a reason that this release does not know; the evidence has its words`,
    remedy: (facts) => [
      'Read the evidence from its end: the innermost error stands last.',
      `${onNode(facts)}, the runtime says more in its log:`,
      `$ sudo crictl --debug pull ${word(facts, 'image')}`,
      '$ sudo journalctl -u containerd -u crio -u docker --since -1h | tail -50',
    ],
    explanation:
      'The message is kept word for word, without secrets, because no cause of the list fits it. Nothing is guessed. A report that has such findings is worth sending to the maintainers: each becomes an entry of the next release.',
    confirm: ['$ kubectl describe pod NAME -n NAMESPACE'],
    example:
      'failed to pull and unpack image "registry.example.com/team/app:1.0": an error that no release has seen so far',
  },
};
