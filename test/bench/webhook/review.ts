import { reviewOf } from '../../webhook/reviews.ts';

const pause = 'pause@sha256:7031c1b283388d2c2e09b57badb803c05ebed362dc88d84b480cc47f72a21097';
const mirror = 'mirror.example.com:5000';

/** As a user writes them: four that rules rewrite, one that is allowed. */
export const fiveContainers = (): string =>
  reviewOfPod([
    'nginx:1.27',
    'docker.io/library/redis:7.4.1',
    'quay.io/prometheus/node-exporter:v1.8.2',
    `registry.k8s.io/${pause}`,
    `${mirror}/team/app:2026.11`,
  ]);

/** As the validating webhook sees them: all in the mirror. */
export const fiveMirrored = (): string =>
  reviewOfPod([
    `${mirror}/library/nginx:1.27`,
    `${mirror}/library/redis:7.4.1`,
    `${mirror}/quay/prometheus/node-exporter:v1.8.2`,
    `${mirror}/k8s/${pause}`,
    `${mirror}/team/app:2026.11`,
  ]);

/** An everyday pod, as the API server sends it: 10 KB. */
function reviewOfPod(images: readonly string[]): string {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-6d4cf56db6-7x2lq',
      generateName: 'web-6d4cf56db6-',
      namespace: 'team',
      uid: '5f0c2a2c-6f1f-4a63-8d69-1c2f2a6f9d11',
      creationTimestamp: '2026-11-22T12:00:00Z',
      labels: { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'production' },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web-6d4cf56db6',
          uid: '11111111-2222-3333-4444-555555555555',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      containers: images.map((image, index) => ({
        name: `container-${index}`,
        image,
        args: ['--config=/etc/app/config.yaml', `--instance=${index}`, '--log-format=json'],
        ports: [
          { name: 'http', containerPort: 8080, protocol: 'TCP' },
          { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
        ],
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
          { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
          ...Array.from({ length: 7 }, (_, i) => ({ name: `SETTING_${i}`, value: `value-${i}-of-the-application` })),
        ],
        resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
        volumeMounts: [
          { name: 'config', readOnly: true, mountPath: '/etc/app' },
          { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
        ],
        livenessProbe: {
          httpGet: { path: '/livez', port: 8080, scheme: 'HTTP' },
          timeoutSeconds: 1,
          periodSeconds: 10,
        },
        readinessProbe: { httpGet: { path: '/readyz', port: 8080, scheme: 'HTTP' }, timeoutSeconds: 1 },
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
        securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true, readOnlyRootFilesystem: true },
      })),
      volumes: [
        { name: 'config', configMap: { name: 'web', defaultMode: 420 } },
        {
          name: 'kube-api-access',
          projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
  return JSON.stringify(reviewOf(pod, { name: pod.metadata.name }));
}

export const policy = `apiVersion: airgap.dev/v1alpha1
kind: AirgapPolicy
metadata: {name: default}
spec:
  mode: Enforce
  mirrors:
    - {sourcePrefix: docker.io/library, targetPrefix: mirror.example.com:5000/library}
    - {sourcePrefix: quay.io, targetPrefix: mirror.example.com:5000/quay}
    - {sourcePrefix: registry.k8s.io, targetPrefix: mirror.example.com:5000/k8s}
  imagePullSecrets: [internal-registry]
`;
