/**
 * The public ids, by family. They stand in reports, dashboards and scripts: append-only, never renamed, never reused.
 * Each family has a file of its own beside this one with an entry for every id, which the compiler enforces.
 */
export const families = {
  names: ['invalid-image-name', 'short-name'],
  dns: ['dns-not-found', 'dns-failure', 'dns-timeout'],
  network: ['net-refused', 'net-timeout', 'net-unreachable', 'net-reset'],
  tls: [
    'tls-unknown-authority',
    'tls-expired',
    'tls-not-yet-valid',
    'tls-name-mismatch',
    'tls-legacy-cn',
    'tls-plain-http',
    'tls-handshake',
  ],
  credentials: [
    'auth-required',
    'auth-denied',
    'auth-token-service',
    'auth-or-not-found',
    'pull-secret-missing',
    'credential-provider',
  ],
  content: [
    'image-not-found',
    'platform-missing',
    'digest-mismatch',
    'schema1-removed',
    'media-type-unsupported',
    'captive-portal',
    'layer-truncated',
    'layer-extract-failed',
    'node-content-corrupt',
  ],
  limits: ['rate-limited', 'kubelet-qps', 'pull-timeout', 'disk-full'],
  between: ['proxy-unreachable', 'proxy-malformed', 'registry-error', 'registry-policy', 'redirect-unreachable'],
  mirror: ['mirror-fell-through', 'mirror-miss', 'mirror-config'],
  signatures: ['signature-missing', 'signature-invalid', 'signature-unverifiable'],
  kubelet: ['never-pull', 'never-pull-unverified', 'cause-lost', 'image-inspect', 'runtime-config'],
  volume: ['image-volume'],
  other: ['not-image', 'unclassified'],
  admission: [
    'webhook-cert-expired',
    'webhook-cert-not-yet-valid',
    'webhook-ca-mismatch',
    'webhook-cert-unusable',
    'webhook-no-endpoints',
    'webhook-refused',
    'webhook-timeout',
    'webhook-service-missing',
    'webhook-deadlock',
    'webhook-failed-open',
  ],
  api: ['apiservice-unavailable', 'conversion-webhook', 'front-proxy-ca', 'kubeconfig-cert', 'kubelet-cert'],
  rbac: [
    'rbac-missing-rule',
    'rbac-role-missing',
    'rbac-binding-missing',
    'rbac-subject-missing',
    'rbac-namespace-missing',
    'rbac-escalation',
    'rbac-anonymous',
  ],
} as const;

export type Family = keyof typeof families;
export type IdOf<F extends Family> = (typeof families)[F][number];
export type CauseId = IdOf<Family>;
