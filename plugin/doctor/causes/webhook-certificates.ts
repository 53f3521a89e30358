import { fact, type Cause } from './cause.ts';
import { why } from './faults.ts';
import type { IdOf } from './ids.ts';
import { keepersOfBundles, keepersOfServers, renewal } from './renewal.ts';

type Certificates = Extract<IdOf<'admission'>, `webhook-cert-${string}` | `webhook-ca-${string}`>;

/** Facts beside those of admission.ts: `fault` with its own, `caWhere`, `renew`. */
export const webhookCertificates: Readonly<Record<Certificates, Cause>> = {
  'webhook-cert-expired': {
    title: 'the certificate of a webhook has expired',
    severity: 'error',
    owner: 'who runs the webhook',
    summary: (facts) => `calls of the webhook ${fact(facts, 'webhook')} fail: ${why(facts)}`,
    remedy: (facts) => renewal(facts, keepersOfServers),
    explanation:
      "The API server refuses to talk to the webhook because a certificate has expired: the webhook's own or the CA's in its caBundle. With failurePolicy Fail everything that the webhook covers is refused from that moment on. Zarf's agent, for example, gets a certificate for 375 days when the cluster is initialised, and nothing renews it.",
    confirm: [
      "$ kubectl -n NAMESPACE get secret SECRET -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -dates",
    ],
    example:
      'Internal error occurred: failed calling webhook "agent-hook.zarf.dev": failed to call webhook: Post "https://agent-hook.zarf.svc:443/mutate/pod?timeout=10s": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-02-04T09:00:00Z is after 2026-01-20T00:00:00Z',
  },
  'webhook-cert-not-yet-valid': {
    title: 'the certificate of a webhook is not valid yet',
    severity: 'error',
    owner: 'who sets the clocks',
    summary: (facts) => `calls of the webhook ${fact(facts, 'webhook')} fail: ${why(facts)}`,
    remedy: (facts) => [
      'Compare the clocks of the control-plane nodes with that of the machine or node that made the certificate:',
      '$ timedatectl status',
      'If the certificate was made by a clock that ran ahead, issue it anew:',
      ...renewal(facts, keepersOfServers),
    ],
    explanation:
      'The first date of the certificate lies in the future of the API server. One clock is wrong: usually that of the node where the certificate was made runs ahead, or that of the control plane has fallen behind.',
    confirm: ['$ date --utc', '$ timedatectl status'],
    example:
      'Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-02-04T09:00:00Z is before 2026-02-04T15:00:00Z',
  },
  'webhook-ca-mismatch': {
    title: 'the CA bundle of a webhook does not fit its certificate',
    severity: 'error',
    owner: 'who installed the webhook',
    summary: (facts) => `calls of the webhook ${fact(facts, 'webhook')} fail: ${why(facts)}`,
    remedy: (facts) => renewal(facts, keepersOfBundles),
    explanation:
      'The caBundle in the configuration of the webhook is not the CA that signed the certificate it shows. One side was renewed without the other: a chart was upgraded and made a new certificate while GitOps kept the old configuration, a Secret was restored from a backup, or whatever injects the CA does not run.',
    confirm: [
      "$ kubectl get validatingwebhookconfiguration NAME -o jsonpath='{.webhooks[0].clientConfig.caBundle}' | base64 -d | openssl x509 -noout -subject -fingerprint -dates",
    ],
    example:
      'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "*.kyverno.svc")',
  },
  'webhook-ca-missing': {
    title: 'a webhook has no CA bundle',
    severity: 'error',
    owner: 'who installed the webhook',
    summary: (facts) =>
      `calls of the webhook ${fact(facts, 'webhook')} fail unless a public CA vouches for ${fact(facts, 'server')}: its caBundle is empty`,
    remedy: (facts) => renewal(facts, keepersOfBundles),
    explanation:
      "Without a caBundle the API server trusts only the CAs of its own machine, and none of those signs names such as service.namespace.svc. The bundle is usually filled in after the installation, by cert-manager's cainjector or by a job of the chart, and that did not happen: the injector does not run, its source does not exist, or its image could not be pulled.",
    confirm: ["$ kubectl get validatingwebhookconfiguration NAME -o jsonpath='{.webhooks[*].clientConfig.caBundle}'"],
  },
  'webhook-cert-unusable': {
    title: 'the certificate of a webhook cannot be used',
    severity: 'error',
    owner: 'who installed the webhook',
    summary: (facts) => `calls of the webhook ${fact(facts, 'webhook')} fail: ${why(facts)}`,
    remedy: (facts) => [
      `Issue it anew, for a server, signed with SHA-256, with ${fact(facts, 'server')} as subject alternative name.`,
      ...renewal(facts, keepersOfServers),
    ],
    explanation:
      'The certificate is in date and its issuer may be trusted, but Kubernetes refuses it as it is: it names its host only in the common name, carries other names than the one that is called, is signed with SHA-1, or may not be used by a server. Certificates made by hand with old instructions are the usual source.',
    confirm: [
      "$ kubectl -n NAMESPACE get secret SECRET -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -text",
    ],
    example:
      'Internal error occurred: failed calling webhook "old.example.internal": failed to call webhook: Post "https://old-webhook.tools.svc:443/validate?timeout=30s": x509: certificate relies on legacy Common Name field, use SANs or temporarily enable Common Name matching with GODEBUG=x509ignoreCN=0',
  },
};
