import { fact, word, type Cause } from './cause.ts';
import { why } from './faults.ts';
import type { IdOf } from './ids.ts';
import { keepersOfBundles, keepersOfServers, renewal } from './renewal.ts';

export const api: Readonly<Record<IdOf<'api'>, Cause>> = {
  /** `object`: the APIService; `reason`: its condition. */
  'apiservice-unavailable': {
    title: 'an aggregated API does not answer',
    severity: 'error',
    owner: 'who runs the service behind it',
    summary: (facts) => `the API ${fact(facts, 'object')} is not available: ${why(facts)}`,
    remedy: (facts) => [
      `$ kubectl describe apiservice ${word(facts, 'object')}`,
      ...(facts['service'] === undefined
        ? []
        : [`$ kubectl -n ${word(facts, 'serviceNamespace')} get service,endpointslices,pods -o wide`]),
      ...(facts['renew'] === undefined ? [] : renewal(facts, keepersOfBundles)),
      'If what serves it was removed for good, remove the API too, because while it is unavailable no namespace can be deleted:',
      `$ kubectl delete apiservice ${word(facts, 'object')}`,
    ],
    explanation:
      'The API server hands requests for this API on to a service in the cluster and gets no answer. The service or its pods are missing, the network does not let the API server reach them, or the certificate it shows does not fit the caBundle of the APIService. Besides the API itself, deleting namespaces and kubectl discovery suffer from it.',
    confirm: ['$ kubectl get apiservices', '$ kubectl describe apiservice NAME'],
    example:
      'failing or missing response from https://10.96.71.4:443/apis/metrics.k8s.io/v1beta1: Get "https://10.96.71.4:443/apis/metrics.k8s.io/v1beta1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  },
  /** `object`: the CustomResourceDefinition; `reason`. */
  'conversion-webhook': {
    title: 'the webhook that converts custom resources cannot be called',
    severity: 'error',
    owner: 'who runs the operator behind it',
    summary: (facts) => `objects of ${fact(facts, 'object')} cannot be converted between versions: ${why(facts)}`,
    remedy: (facts) => [
      ...(facts['service'] === undefined
        ? []
        : [`$ kubectl -n ${word(facts, 'serviceNamespace')} get service,endpointslices,pods -o wide`]),
      ...renewal(facts, [...keepersOfBundles, ...keepersOfServers]),
    ],
    explanation:
      'A CustomResourceDefinition with several versions names a webhook that converts between them. While that cannot be called, objects stored in another version than the one asked for cannot be read, listed or even deleted, and the garbage collector and namespace deletion stall with them. Some manifests ship an expired placeholder as caBundle and count on a controller to replace it.',
    confirm: ["$ kubectl get crd NAME -o jsonpath='{.spec.conversion}'"],
    example:
      'conversion webhook for metallb.io/v1beta1, Kind=AddressPool failed: Post "https://webhook-service.metallb-system.svc:443/convert?timeout=30s": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-02-04T09:00:00Z is after 2025-12-01T00:00:00Z',
  },
  /** `reason`, `renew`. */
  'front-proxy-ca': {
    title: 'aggregated APIs cannot check that a request comes from the API server',
    severity: 'error',
    owner: 'cluster administrator',
    summary: (facts) => `the front-proxy certificates do not hold: ${why(facts)}`,
    remedy: (facts) => renewal(facts, ['kubeadm', 'kubeadm-ca', 'k3s', 'rke2']),
    explanation:
      'The API server shows aggregated APIs a client certificate of its own, front-proxy-client, and publishes the CA that signed it in the ConfigMap kube-system/extension-apiserver-authentication. When either has expired or they do not belong together, metrics-server and every other aggregated API answer 401, although their own certificates are fine.',
    confirm: [
      "$ kubectl -n kube-system get configmap extension-apiserver-authentication -o jsonpath='{.data.requestheader-client-ca-file}' | openssl x509 -noout -subject -dates",
    ],
  },
  /** `reason`, `path`, `renew`. */
  'kubeconfig-cert': {
    title: 'a certificate in the kubeconfig does not hold',
    severity: 'error',
    owner: 'you, or who gave you the kubeconfig',
    summary: (facts) => `the kubeconfig (${fact(facts, 'where')}): ${why(facts)}`,
    remedy: (facts) => renewal(facts, ['kubeadm-admin', 'user-certificate', 'kubeconfig-ca', 'api-server-name']),
    explanation:
      'A kubeconfig holds the CA by which kubectl knows the API server, and often a client certificate by which the API server knows you. A client certificate that has expired reads as "Unauthorized", as if the password were wrong; a CA of another cluster, or from before the CA was renewed, as "x509: certificate signed by unknown authority".',
    confirm: [
      "$ kubectl config view --raw --minify -o jsonpath='{.users[0].user.client-certificate-data}' | base64 -d | openssl x509 -noout -subject -dates",
    ],
    example: 'error: You must be logged in to the server (Unauthorized)',
  },
  /** `node`, `reason`, `renew`. */
  'kubelet-cert': {
    title: "a kubelet's serving certificate does not hold",
    severity: 'warning',
    owner: 'node administrator',
    summary: (facts) => `the kubelet of ${fact(facts, 'node')}: ${why(facts)}`,
    remedy: (facts) => renewal(facts, ['kubelet-serving', 'k3s', 'rke2']),
    explanation:
      'The API server connects to the kubelet for logs, exec and port-forward, metrics-server for usage. Unless serverTLSBootstrap is set, a kubelet makes itself a certificate for one year at its first start and never another one. The API server does not check it unless told to, but metrics-server does unless told not to.',
    confirm: ['$ openssl s_client -connect NODE:10250 </dev/null 2>/dev/null | openssl x509 -noout -subject -dates'],
  },
};
