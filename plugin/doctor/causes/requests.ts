import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

type Request = Extract<IdOf<'certificates'>, `csr-${string}`>;

/** Facts: `request`, `signer`, `requester`, `age`, `reason`. */
export const requests: Readonly<Record<Request, Cause>> = {
  'csr-pending': {
    title: 'a certificate request waits for approval',
    severity: 'warning',
    owner: 'cluster administrator',
    summary: (facts) =>
      `the request ${fact(facts, 'request')} of ${fact(facts, 'requester')} for a certificate by ${fact(facts, 'signer')} has waited ${fact(facts, 'age')} for approval`,
    remedy: (facts) => [
      'See whether it asks for what it should, the names above all, then approve it:',
      `$ kubectl get csr ${word(facts, 'request')} -o jsonpath='{.spec.request}' | base64 -d | openssl req -noout -subject -text`,
      `$ kubectl certificate approve ${word(facts, 'request')}`,
    ],
    explanation:
      'A CertificateSigningRequest has neither been approved nor denied. Requests of kubelets for client certificates are approved by the controller manager; those for serving certificates (serverTLSBootstrap) are not, somebody has to, and until then kubectl logs and exec on that node fail with "remote error: tls: internal error". Kubernetes forgets a request after a day.',
    confirm: ['$ kubectl get csr'],
  },
  'csr-refused': {
    title: 'a certificate request was denied or has failed',
    severity: 'warning',
    owner: 'cluster administrator',
    summary: (facts) =>
      `the request ${fact(facts, 'request')} of ${fact(facts, 'requester')} for a certificate by ${fact(facts, 'signer')} was refused: ${fact(facts, 'reason')}`,
    remedy: (facts) => [
      `$ kubectl describe csr ${word(facts, 'request')}`,
      'Correct what the reason names; the requester asks again by itself, or delete the request so that it does:',
      `$ kubectl delete csr ${word(facts, 'request')}`,
    ],
    explanation:
      'Somebody denied the request, or the signer could not fulfil it, for example because it asks for a usage or a name that the signer does not give. A request that is denied stays denied; only a new one can succeed.',
    confirm: ['$ kubectl get csr', '$ kubectl describe csr NAME'],
  },
  'csr-not-issued': {
    title: 'a certificate request was approved and nothing was issued',
    severity: 'error',
    owner: 'who runs the signer',
    summary: (facts) =>
      `the request ${fact(facts, 'request')} of ${fact(facts, 'requester')} was approved ${fact(facts, 'age')} ago, and ${fact(facts, 'signer')} has issued nothing`,
    remedy: (facts) => [
      fact(facts, 'signer').startsWith('kubernetes.io/')
        ? 'The controller manager signs these. It must run, with --cluster-signing-cert-file and --cluster-signing-key-file:'
        : `Whoever answers for the signer ${fact(facts, 'signer')} does not run or cannot sign. See what watches requests:`,
      fact(facts, 'signer').startsWith('kubernetes.io/')
        ? '$ kubectl -n kube-system get pods -l component=kube-controller-manager'
        : `$ kubectl describe csr ${word(facts, 'request')}`,
    ],
    explanation:
      'Approval only allows a signer to sign. The signer of this request did not: it does not run, or it has no key to sign with. The kubelet or user that asked goes on with its old certificate until that expires.',
    confirm: ['$ kubectl get csr'],
  },
};
