import type { Facts } from '../finding.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { keepersOfServers, renewal } from './renewal.ts';
import { ownWebhook } from './own-webhook.ts';
import { webhookCertificates } from './webhook-certificates.ts';

/**
 * Facts of all `webhook-…` entries: `webhook`, and where they are known `resource` and `object` (its configuration),
 * `serviceNamespace`, `service`, `port`, `server` (the host that is called), `policy`, `reason`.
 */
export const admission: Readonly<Record<IdOf<'admission'>, Cause>> = {
  ...webhookCertificates,
  ...ownWebhook,
  'webhook-no-endpoints': {
    title: 'no pod is ready behind a webhook',
    severity: 'error',
    owner: 'who runs the webhook',
    summary: (facts) =>
      `nothing is ready behind the service ${fact(facts, 'serviceNamespace')}/${fact(facts, 'service')}, so every call of the webhook ${fact(facts, 'webhook')} fails`,
    remedy: (facts) => [
      'See why its pods are not ready; behind an air gap the first suspect is their image.',
      ...atService(
        facts,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} get pods -o wide`,
        `$ kubectl airgap doctor pulls -n ${word(facts, 'serviceNamespace')}`,
      ),
      ...untilThen(facts),
    ],
    explanation:
      'The API server sends objects to the webhook through a service, and no ready pod stands behind it. With failurePolicy Fail, the default, everything that the webhook covers is refused until a pod is ready again. If it covers pods, its own pods may be among what is refused.',
    confirm: ['$ kubectl -n NAMESPACE get endpointslices -l kubernetes.io/service-name=SERVICE'],
    example:
      'Internal error occurred: failed calling webhook "validate.nginx.ingress.kubernetes.io": failed to call webhook: Post "https://ingress-nginx-controller-admission.ingress-nginx.svc:443/networking/v1/ingresses?timeout=10s": no endpoints available for service "ingress-nginx-controller-admission"',
  },
  'webhook-service-missing': {
    title: 'the service of a webhook does not exist',
    severity: 'error',
    owner: 'who installed the webhook',
    summary: (facts) =>
      `the webhook ${fact(facts, 'webhook')} is to be called at the service ${fact(facts, 'serviceNamespace')}/${fact(facts, 'service')} port ${fact(facts, 'port')}, which does not exist`,
    remedy: (facts) => [
      'If what the webhook belongs to was removed, remove its configuration too:',
      `$ kubectl delete ${word(facts, 'resource')} ${word(facts, 'object')}`,
      'If not, restore the service:',
      ...atService(facts, `$ kubectl -n ${word(facts, 'serviceNamespace')} get services`),
    ],
    explanation:
      'The configuration of the webhook names a service, or a port of it, that is not there. Usually an uninstallation removed the workload and left the cluster-wide configuration behind. With failurePolicy Fail everything that the webhook covers is refused.',
    confirm: ['$ kubectl -n NAMESPACE get service SERVICE'],
    example:
      'Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": service "cert-manager-webhook" not found',
  },
  'webhook-refused': {
    title: 'a webhook refuses connections',
    severity: 'error',
    owner: 'who runs the webhook',
    summary: (facts) =>
      `the webhook ${fact(facts, 'webhook')} does not listen: the connection to ${fact(facts, 'address')} was refused`,
    remedy: (facts) => [
      'Compare the port that the pod listens on with the targetPort of the service, and see whether the pod runs.',
      ...atService(
        facts,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} describe service ${word(facts, 'service')}`,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} get pods -o wide`,
      ),
      ...untilThen(facts),
    ],
    explanation:
      'A machine answered that nothing listens on the port. The pod is ready for its probe but its webhook port is another one than the targetPort of the service, or the process has just died. A kube-proxy that has no endpoints for the service answers the same.',
    confirm: ['$ kubectl -n NAMESPACE describe service SERVICE'],
    example:
      'Internal error occurred: failed calling webhook "mutate.example.internal": failed to call webhook: Post "https://agent-hook.zarf.svc:443/mutate/pod?timeout=10s": dial tcp 10.96.18.7:443: connect: connection refused',
  },
  'webhook-timeout': {
    title: 'a webhook does not answer in time',
    severity: 'error',
    owner: 'who runs the network or the webhook',
    summary: (facts) =>
      `the webhook ${fact(facts, 'webhook')} at ${fact(facts, 'server')} did not answer within its time`,
    remedy: (facts) => [
      'The API server connects from a control-plane node to the port of the pod, not of the service: see that no firewall and no network policy stands between, then whether the pod is overloaded.',
      ...atService(
        facts,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} get service ${word(facts, 'service')} -o jsonpath='{.spec.ports}'`,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} get networkpolicies`,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} top pods`,
      ),
      ...untilThen(facts),
    ],
    explanation:
      "The connection was dropped without an answer, or the webhook took longer than its timeoutSeconds. A firewall between control plane and nodes that opens 443 but not the pod's own port (8443, 9443, 10250…) is the classic; a network policy that admits only the namespace's own pods is the other one.",
    confirm: ['$ kubectl -n NAMESPACE get networkpolicies'],
    example:
      'Internal error occurred: failed calling webhook "validate.externalsecret.external-secrets.io": failed to call webhook: Post "https://external-secrets-webhook.external-secrets.svc:443/validate?timeout=5s": context deadline exceeded',
  },
  'webhook-unreachable': {
    title: 'the API server cannot reach a webhook',
    severity: 'error',
    owner: 'who runs the network',
    summary: (facts) =>
      `the webhook ${fact(facts, 'webhook')} at ${fact(facts, 'server')} cannot be reached: ${fact(facts, 'reason')}`,
    remedy: (facts) => [
      ...(facts['headless'] === undefined
        ? [
            'Test the way from a control-plane node, where the API server runs; its resolver is that of the node, not of the cluster:',
            `$ getent hosts ${word(facts, 'server')}`,
            `$ curl -vk https://${word(facts, 'server')}`,
          ]
        : [
            'Take "clusterIP: None" out of the manifest of the service and make it anew: that field cannot be changed in place.',
            `$ kubectl -n ${word(facts, 'serviceNamespace')} get service ${word(facts, 'service')} -o yaml`,
          ]),
      ...untilThen(facts),
    ],
    explanation:
      'There is no route, the name of the host is not known to the control-plane node, or the connection is cut. API servers that run outside the pod network (managed or external control planes) cannot reach pods unless somebody builds the way. A headless service has no address that could be called.',
    confirm: ['$ kubectl get --raw /readyz?verbose'],
    example:
      'Internal error occurred: failed calling webhook "policy.example.internal": failed to call webhook: Post "https://policy.corp.example.internal/validate?timeout=10s": dial tcp: lookup policy.corp.example.internal on 192.0.2.53:53: no such host',
  },
  'webhook-error': {
    title: 'a webhook answers with an error',
    severity: 'error',
    owner: 'who runs the webhook',
    summary: (facts) => `the webhook ${fact(facts, 'webhook')} fails: ${fact(facts, 'reason')}`,
    remedy: (facts) => [
      `Read the log of what answers at ${fact(facts, 'server')}.`,
      ...atService(
        facts,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} get pods`,
        `$ kubectl -n ${word(facts, 'serviceNamespace')} logs service/${word(facts, 'service')} --tail=50`,
      ),
      ...untilThen(facts),
    ],
    explanation:
      'The webhook was reached and did not give an answer that the API server can use: an HTTP error, an answer of another version, or no JSON at all. Something else may listen on that port, or the webhook itself fails.',
    confirm: ['$ kubectl -n NAMESPACE logs service/SERVICE'],
    example:
      'Internal error occurred: failed calling webhook "mutate.example.internal": failed to call webhook: the server could not find the requested resource',
  },
  'webhook-deadlock': {
    title: 'a fail-closed webhook covers what it, or the cluster, needs to come back',
    severity: 'warning',
    owner: 'who installed the webhook',
    summary: (facts) =>
      `the webhook ${fact(facts, 'webhook')} must approve ${fact(facts, 'needed')}: while it is down, ${fact(facts, 'consequence')}`,
    remedy: (facts) => [
      `Exempt ${fact(facts, 'neededNamespaces')} in the namespaceSelector of the webhook, in the values of the chart that installed it, for example by name:`,
      '  namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [' +
        `${fact(facts, 'neededNamespaces')}]}]}`,
      'If it is down already, take the configuration away, let the pods start, and put it back:',
      `$ kubectl get ${word(facts, 'resource')} ${word(facts, 'object')} -o yaml > webhook.yaml && kubectl delete ${word(facts, 'resource')} ${word(facts, 'object')}`,
    ],
    explanation:
      'With failurePolicy Fail a pod that the webhook covers is refused while the webhook cannot be called. If that includes the pods of the webhook itself, of the registry that its image comes from, or of kube-system with the network of the cluster, then after a full stop nothing can start: the webhook waits for its pod, and the pod waits for the webhook. One node drain at the wrong time is enough. A webhook for everything, Leases included, stops the scheduler and the controllers as well, and lets nodes count as lost.',
    confirm: [
      "$ kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o custom-columns='NAME:.metadata.name,POLICY:.webhooks[*].failurePolicy'",
    ],
  },
  'webhook-timeouts-add-up': {
    title: 'webhooks that fail open may together take longer than a request may',
    severity: 'warning',
    owner: 'who installed the webhooks',
    summary: (facts) =>
      `the webhooks that fail open may take ${fact(facts, 'seconds')} seconds together for a new pod in ${fact(facts, 'namespaces')}, and the API server ends a request after 34: when they hang, pods are refused and not let through`,
    remedy: (facts) => [
      'Let each of them wait for 5 seconds at most, in the values of the chart that installed it; until that is done:',
      ...(facts['shorten'] ?? 'kubectl edit mutatingwebhookconfiguration NAME').split('\n').map((line) => `$ ${line}`),
    ],
    explanation:
      'The API server asks mutating webhooks one after another. With failurePolicy Ignore it goes on after each that does not answer within its timeoutSeconds, but 34 seconds after the request has begun it ends it with "request did not complete within requested timeout", and then no failurePolicy counts. Four webhooks with the usual ten seconds are enough. What makes all of them hang at once is a fault of the pod network, in which the pods that would mend it are then refused as well.',
    confirm: [
      '$ kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -o custom-columns=NAME:.metadata.name,SECONDS:.webhooks[*].timeoutSeconds,POLICY:.webhooks[*].failurePolicy',
    ],
  },
  'webhook-failed-open': {
    title: 'a webhook cannot be called and is passed over',
    severity: 'warning',
    owner: 'who runs the webhook',
    summary: (facts) =>
      `the webhook ${fact(facts, 'webhook')} cannot be called and has failurePolicy Ignore: what it should check or change goes through untouched`,
    remedy: (facts) => [
      'Objects that were admitted meanwhile were not checked; look at them once the webhook works again.',
      ...atService(facts, `$ kubectl -n ${word(facts, 'serviceNamespace')} get service,endpointslices,pods -o wide`),
      ...(facts['renew'] === undefined ? [] : renewal(facts, keepersOfServers)),
    ],
    explanation:
      'With failurePolicy Ignore the API server goes on when the call fails. Nothing is refused and no event is written, so a policy can be without effect for months, and pods may start without the sidecar, the rewritten image or the defaults that the webhook gives them.',
    confirm: ['$ kubectl get --raw /metrics | grep apiserver_admission_webhook_fail_open_count'],
    example:
      'Failed calling webhook, failing open istio.example.internal: failed calling webhook "istio.example.internal": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": no endpoints available for service "istiod"',
  },
};

/** Lines that name the service; left out of a finding about a webhook that is called elsewhere. */
function atService(facts: Facts, ...lines: readonly string[]): readonly string[] {
  return facts['webhook'] !== undefined && facts['service'] === undefined ? [] : lines;
}

function untilThen(facts: Facts): readonly string[] {
  if (facts['webhook'] !== undefined && facts['resource'] === undefined) return [];
  return [
    'To work on meanwhile, let the cluster pass over the webhook; note that nothing is checked then:',
    `$ kubectl get ${word(facts, 'resource')} ${word(facts, 'object')} -o yaml > webhook.yaml && kubectl delete ${word(facts, 'resource')} ${word(facts, 'object')}`,
  ];
}
