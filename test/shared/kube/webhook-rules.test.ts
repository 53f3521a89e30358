import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  covers,
  ofPods,
  readValidatingWebhookConfiguration,
  type Requested,
} from '../../../shared/kube/webhook-configuration.ts';

const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] };
const matches = (more: object, requested: Requested = ofPods, operation = 'CREATE'): boolean => {
  const configuration = readValidatingWebhookConfiguration({
    webhooks: [{ name: 'x', rules: [{ ...rule, ...more }] }],
  });
  const [webhook] = configuration.webhooks;
  assert.ok(webhook);
  return covers(webhook, requested, operation);
};

// As pkg/admission/plugin/webhook/predicates/rules of k8s.io/apiserver decides it.
test('rules cover what the API server asks about', () => {
  const debug = { ...ofPods, resource: 'pods/ephemeralcontainers' };
  const node = { group: '', version: 'v1', resource: 'nodes', namespaced: false };
  const rows: readonly [rule: object, requested: Requested, operation: string, expected: boolean][] = [
    [{}, ofPods, 'CREATE', true],
    [{}, ofPods, 'UPDATE', false],
    [{ operations: ['*'] }, ofPods, 'DELETE', true],
    [{ operations: ['UPDATE', 'CREATE'] }, ofPods, 'CREATE', true],
    [{ apiGroups: ['apps'] }, ofPods, 'CREATE', false],
    [{ apiGroups: ['*'] }, ofPods, 'CREATE', true],
    [{ apiVersions: ['v2'] }, ofPods, 'CREATE', false],
    [{ apiVersions: ['v2', '*'] }, ofPods, 'CREATE', true],
    [{ resources: ['*'] }, ofPods, 'CREATE', true],
    [{ resources: ['*'] }, debug, 'CREATE', false],
    [{ resources: ['*/*'] }, ofPods, 'CREATE', true],
    [{ resources: ['*/*'] }, debug, 'CREATE', true],
    [{ resources: ['pods/*'] }, ofPods, 'CREATE', true],
    [{ resources: ['pods/*'] }, debug, 'CREATE', true],
    [{ resources: ['*/ephemeralcontainers'] }, debug, 'CREATE', true],
    [{ resources: ['*/ephemeralcontainers'] }, ofPods, 'CREATE', false],
    [{ resources: ['pods/exec', 'pods/log'] }, ofPods, 'CREATE', false],
    [{ resources: ['podtemplates'] }, ofPods, 'CREATE', false],
    [{ scope: '*' }, ofPods, 'CREATE', true],
    [{ scope: 'Namespaced' }, ofPods, 'CREATE', true],
    [{ scope: 'Cluster' }, ofPods, 'CREATE', false],
    [{ scope: 'Cluster', resources: ['*'] }, node, 'CREATE', true],
    [{ scope: 'Namespaced', resources: ['*'] }, node, 'CREATE', false],
  ];
  for (const [more, requested, operation, expected] of rows)
    assert.equal(matches(more, requested, operation), expected, JSON.stringify([more, requested.resource, operation]));
});

test('what is left out has the default of the API', () => {
  const [webhook] = readValidatingWebhookConfiguration({
    webhooks: [{ name: 'x', clientConfig: { service: { namespace: 'a', name: 'b' } } }],
  }).webhooks;
  assert.equal(webhook?.failurePolicy, 'Fail');
  assert.equal(webhook.timeoutSeconds, 10);
  assert.equal(webhook.client.service?.port, 443);
});
