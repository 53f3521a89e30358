import { usualRules } from '../../shared/policy/policies.ts';
import { container, fromField, settings, volumes } from '../container.ts';

/** Five containers as a busy cluster has them, 6.5 KB of JSON: four that rules rewrite on Docker Hub and Quay, one deeper. */
export const written = [
  'nginx:1.27',
  'redis:7',
  'docker.io/library/postgres:16',
  'quay.io/prometheus/node-exporter:v1.8',
  'quay.io/special/one:3',
];

/** What they are rewritten to. */
export const mirrored = [
  'my-registry.local/library/nginx:1.27',
  'my-registry.local/library/redis:7',
  'my-registry.local/library/postgres:16',
  'my-registry.local/quay/prometheus/node-exporter:v1.8',
  'other.local:5000/one:3',
];

export const policySpec = {
  mode: 'Enforce',
  ...usualRules,
};

const env = [...settings(10), fromField('POD_NAME', 'metadata.name')];

export function podOf(images: readonly string[], imagePullSecrets: readonly object[] = []): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels: { app: 'web' }, annotations: { 'prometheus.io/scrape': 'true' } },
    spec: {
      containers: images.map((image, index) => container(`app-${index}`, image, env)),
      imagePullSecrets,
      volumes,
    },
  });
}
