import { labels, name, type InstallOptions, type KubeObject } from './naming.ts';

const selector = { 'app.kubernetes.io/name': name };
const port = 8443;
const metricsPort = 8080;

/** The pods, their Service, and what keeps one of them running and everything else away from them. */
export function workloadObjects(options: InstallOptions): KubeObject[] {
  const metadata = { name, namespace: options.namespace, labels };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: selector },
        // Both old pods serve until a new one does.
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels }, spec: podSpec(options) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector, ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: selector } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ port: 'https' }, { port: 'metrics' }] }],
      },
    },
  ];
}

function podSpec({ image, pullSecrets }: InstallOptions): object {
  const account = '/var/run/secrets/kubernetes.io/serviceaccount';
  return {
    serviceAccountName: name,
    // Nothing runs without it while it fails closed, so it goes before everything that does.
    priorityClassName: 'system-cluster-critical',
    terminationGracePeriodSeconds: 30,
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: selector } },
          },
        ],
      },
    },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map((secret) => ({ name: secret })) }),
    containers: [
      {
        name: 'webhook',
        image,
        args: ['--port', String(port), '--metrics-port', String(metricsPort), '--shutdown-delay', '5'],
        ports: [
          { name: 'https', containerPort: port },
          { name: 'metrics', containerPort: metricsPort },
        ],
        readinessProbe: {
          httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' },
          periodSeconds: 2,
          failureThreshold: 1,
        },
        livenessProbe: {
          httpGet: { path: '/healthz', port: 'https', scheme: 'HTTPS' },
          periodSeconds: 10,
          failureThreshold: 3,
        },
        startupProbe: {
          httpGet: { path: '/healthz', port: 'https', scheme: 'HTTPS' },
          periodSeconds: 2,
          failureThreshold: 60,
        },
        resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '256Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'token', mountPath: account, readOnly: true }],
      },
    ],
    // An hour, renewed by the kubelet: no longer than it has to be.
    volumes: [
      {
        name: 'token',
        projected: {
          sources: [
            { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
          ],
        },
      },
    ],
  };
}
