export interface InstallOptions {
  /** The webhook's image, from a registry that the nodes reach. */
  readonly image: string;
  readonly namespace: string;
  readonly pullSecrets: readonly string[];
  /** Whether the API server's own validation stands behind the webhook, which then need not fail closed. */
  readonly backstop?: boolean;
}

/** Where it is installed unless another namespace is named. */
export const defaultNamespace = 'airgap-system';

/** The name of everything that is installed. */
export const name = 'airgap-webhook';
export const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'kubectl-airgap' } as const;

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: object;
    readonly annotations?: object;
  };
  readonly [key: string]: unknown;
}
