/** A container as busy clusters have them: ports, environment, limits, probes, volumes, security. */
export function container(name: string, image: string, env: readonly object[]): object {
  return {
    name,
    image,
    ports: [
      { name: 'http', containerPort: 8080 },
      { name: 'metrics', containerPort: 9090 },
    ],
    env,
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    readinessProbe: { httpGet: { path: '/readyz', port: 8080 }, periodSeconds: 10 },
    livenessProbe: { httpGet: { path: '/livez', port: 8080 }, initialDelaySeconds: 15 },
    volumeMounts: [
      { name: 'config', mountPath: '/etc/app', readOnly: true },
      { name: 'cache', mountPath: '/cache' },
    ],
    securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  };
}

/** The volumes that it mounts. */
export const volumes: readonly object[] = [
  { name: 'config', configMap: { name: 'app' } },
  { name: 'cache', emptyDir: {} },
];

export function settings(count: number): object[] {
  return Array.from({ length: count }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}-of-the-application` }));
}

export function fromField(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
