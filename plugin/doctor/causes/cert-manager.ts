import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { renewal } from './renewal.ts';

type Managed = Extract<IdOf<'certificates'>, `cert-manager-${string}`>;

function scopeOf(facts: Facts): string {
  return facts['issuerNamespace'] === undefined ? '' : `-n ${word(facts, 'issuerNamespace')} `;
}

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
  /** `issuerKind`, `issuer`, `reason`; of an Issuer also `issuerNamespace`. */
  'cert-manager-issuer': {
    title: 'an issuer of cert-manager is not ready',
    severity: 'error',
    owner: 'who runs cert-manager',
    summary: (facts) =>
      `the ${fact(facts, 'issuerKind')} ${fact(facts, 'issuer')} is not ready, so it issues and renews nothing: ${fact(facts, 'reason')}`,
    remedy: (facts) => [
      `$ kubectl ${scopeOf(facts)}describe ${word(facts, 'issuerKind')} ${word(facts, 'issuer')}`,
      'The usual reasons: the Secret with its CA or its login is missing, or what it asks cannot be reached. The log of the controller says which:',
      '$ kubectl -n cert-manager logs deployment/cert-manager --tail=50',
    ],
    explanation:
      'cert-manager has tried the issuer and cannot use it. Certificates that it has issued go on until they end; new ones and renewals wait. The condition and the controller name the reason: a Secret that does not exist, a CA that is none, a Vault or ACME server that does not answer.',
    confirm: ['$ kubectl get issuers -A', '$ kubectl get clusterissuers'],
  },
  /** The same, and `server`. */
  'cert-manager-acme': {
    title: 'an issuer asks a certificate authority of the internet',
    severity: 'warning',
    owner: 'who runs cert-manager',
    summary: (facts) =>
      `the ${fact(facts, 'issuerKind')} ${fact(facts, 'issuer')} asks ${fact(facts, 'server')}, which lies outside the gap: it can neither issue nor renew`,
    remedy: (facts) => [
      'Use a CA of your own inside the gap, and name it in the Certificates in the place of this one. With a Secret that holds the CA (tls.crt, tls.key):',
      `$ kubectl ${scopeOf(facts)}get ${word(facts, 'issuerKind')} ${word(facts, 'issuer')} -o yaml`,
      '  spec: {ca: {secretName: corp-ca}}',
    ],
    explanation:
      'ACME needs two ways that a gap does not have: from the cluster to the authority, and from the authority back to the name that is to be certified. An issuer of this kind is often left over from a trial with a connection. A company CA as a ca issuer, Vault, or an ACME server inside the gap take its place.',
    confirm: [
      '$ kubectl get issuers,clusterissuers -A -o custom-columns=KIND:.kind,NAME:.metadata.name,ACME:.spec.acme.server',
    ],
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
