import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { renewal } from './renewal.ts';

type Managed = Extract<IdOf<'certificates'>, `cert-manager-${string}`>;

/** Facts: `secretNamespace`, `certificate`, `secret`, `issuer`, `reason`. */
export const certManager: Readonly<Record<Managed, Cause>> = {
  'cert-manager-not-ready': {
    title: 'cert-manager could not issue a certificate',
    severity: 'error',
    owner: 'who runs cert-manager',
    summary: (facts) =>
      `the Certificate ${fact(facts, 'secretNamespace')}/${fact(facts, 'certificate')} is not ready: ${fact(facts, 'reason')}`,
    remedy: (facts) => [
      'Follow it down to the step that fails:',
      `$ kubectl -n ${word(facts, 'secretNamespace')} describe certificate ${word(facts, 'certificate')}`,
      `$ kubectl -n ${word(facts, 'secretNamespace')} get certificaterequests,orders,challenges`,
      `See whether its issuer is ready:`,
      `$ kubectl -n ${word(facts, 'secretNamespace')} describe ${word(facts, 'issuerKind')} ${word(facts, 'issuer')}`,
      'Behind an air gap an ACME issuer of the internet can never answer: use a CA, Vault or an ACME server inside the gap.',
    ],
    explanation:
      'The Certificate object says of itself that what it asks for is not in its Secret. Either it was never issued, or it has expired, or the Secret holds something else than the Certificate asks for. The message of its condition tells which, and the CertificateRequest that belongs to it tells why the issuer did not sign.',
    confirm: ['$ kubectl get certificates -A'],
  },
  'cert-manager-overdue': {
    title: 'cert-manager has not renewed a certificate in time',
    severity: 'warning',
    owner: 'who runs cert-manager',
    summary: (facts) =>
      `the Certificate ${fact(facts, 'secretNamespace')}/${fact(facts, 'certificate')} should have been renewed ${fact(facts, 'overdue')} ago and expires ${fact(facts, 'expires')}${facts['attempts'] === undefined ? '' : `; ${facts['attempts']} attempts failed`}`,
    remedy: (facts) => [
      'See whether the controller runs:',
      '$ kubectl get pods -A -l app.kubernetes.io/name=cert-manager',
      ...renewal(facts, ['cert-manager']),
    ],
    explanation:
      'cert-manager writes into each Certificate when it will renew it, usually when a third of its life is left. That time has passed and the old certificate is still there: the controller does not run, or it tries and the issuer does not sign. Until the last date nothing else shows it.',
    confirm: [
      '$ kubectl get certificates -A -o custom-columns=NS:.metadata.namespace,NAME:.metadata.name,RENEWAL:.status.renewalTime',
    ],
  },
  'cert-manager-secret': {
    title: 'the Secret of a cert-manager Certificate does not hold what was issued',
    severity: 'warning',
    owner: 'who runs cert-manager',
    summary: (facts) =>
      `the Secret ${fact(facts, 'secretNamespace')}/${fact(facts, 'secret')} does not hold what the Certificate ${fact(facts, 'certificate')} says was issued: ${fact(facts, 'reason')}`,
    remedy: (facts) => [
      'Something else writes the Secret, or a backup brought back an old one. See who:',
      `$ kubectl -n ${word(facts, 'secretNamespace')} get secret ${word(facts, 'secret')} -o yaml --show-managed-fields | grep -A3 'manager:'`,
      ...renewal(facts, ['cert-manager']),
    ],
    explanation:
      'The Certificate says that it is ready and until when, and the Secret it names is missing or holds a certificate with another date. A GitOps tool that also keeps the Secret, a restored backup or an edit by hand are the usual reasons. Clients get what is in the Secret, so the dates in the Certificate deceive.',
    confirm: [
      "$ kubectl -n NAMESPACE get secret SECRET -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -dates",
    ],
  },
};
