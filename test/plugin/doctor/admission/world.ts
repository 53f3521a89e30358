import type { Raws } from '../certs/examine.ts';

const spec = {
  mode: 'Enforce',
  mirrors: [{ sourcePrefix: 'docker.io/library', targetPrefix: 'my-registry.local/library' }],
  exemptions: [{ namespaces: ['legacy'], reason: 'moves in May' }],
};
export const policy = (name = 'default', more: object = {}, meta: object = {}, status?: object): object => ({
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name, uid: name, generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', ...meta },
  spec: { ...spec, ...more },
  ...(status === undefined ? {} : { status }),
});
const clientConfig = { service: { namespace: 'airgap-system', name: 'airgap-webhook', port: 443 } };
const resources = ['pods', 'pods/ephemeralcontainers'];
const rules = [{ apiGroups: [''], apiVersions: ['v1'], resources, operations: ['CREATE', 'UPDATE'] }];
const namespaceSelector = {
  matchExpressions: [
    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['airgap-system', 'kube-system'] },
  ],
};
const configuration = (name: string, failurePolicy: string, more: object = {}): object => ({
  metadata: { name: 'airgap-webhook', creationTimestamp: '2026-02-01T00:00:00Z' },
  webhooks: [{ name, clientConfig, rules, namespaceSelector, failurePolicy, ...more }],
});
export const mutating = (more: object = {}): Raws => ({
  mutatingwebhookconfigurations: [configuration('mutate.airgap.dev', 'Ignore', more)],
});
export const validating = (more: object = {}): Raws => ({
  validatingwebhookconfigurations: [configuration('validate.airgap.dev', 'Fail', more)],
});
export const installed = { ...mutating(), ...validating() };
export const inForce = { airgappolicies: [policy()] };
export const namespace = (name: string, labels: object = {}): object => ({ metadata: { name, labels } });
export const pod = (name: string, image: string, meta: object = {}, status: object = { phase: 'Running' }): object => ({
  metadata: { namespace: 'shop', name, creationTimestamp: '2026-03-01T00:00:00Z', ...meta },
  spec: { containers: [{ name: 'app', image }] },
  status,
});
export const world = { ...installed, ...inForce, namespaces: [namespace('shop'), namespace('legacy')] };
