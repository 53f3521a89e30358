import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiAvailability } from '../../../../plugin/doctor/checks/admission-apis.ts';
import { webhookCalls } from '../../../../plugin/doctor/checks/admission-calls.ts';
import { webhookDeadlocks } from '../../../../plugin/doctor/checks/admission-deadlock.ts';
import { webhookEndpoints } from '../../../../plugin/doctor/checks/admission-endpoints.ts';
import { webhookTimeouts } from '../../../../plugin/doctor/checks/admission-timeouts.ts';
import { issue } from '../../../x509.ts';
import {
  backend,
  days,
  examine,
  now,
  tlsSecret,
  verdicts,
  webhook,
  webhookConfiguration,
  type Raws,
} from '../certs/examine.ts';

const ca = issue({ cn: 'ca', ca: true, ...days(-10, 3000) });
const hook = (more: object = {}): object => webhook('hook.tools', 'tools/hook', ca.pem, more);
const configured = (...webhooks: object[]): Raws => ({
  mutatingwebhookconfigurations: [webhookConfiguration('hook', webhooks)],
});

test('a webhook needs a service, its port and a ready endpoint', () => {
  const run = (raws: Raws): string[] => verdicts(examine(webhookEndpoints, { ...configured(hook()), ...raws }));
  assert.deepEqual(run(backend('tools', 'hook', undefined)), []);
  assert.deepEqual(run(backend('tools', 'hook', undefined, false)), ['webhook-no-endpoints error certain']);
  assert.deepEqual(run({ ...backend('tools', 'hook', undefined), endpointslices: [] }), [
    'webhook-no-endpoints error certain',
  ]);
  assert.deepEqual(run(backend('tools', 'other', undefined)), ['webhook-service-missing error certain']);
  const otherPort = { metadata: { namespace: 'tools', name: 'hook' }, spec: { ports: [{ port: 8443 }] } };
  assert.deepEqual(run({ ...backend('tools', 'hook', undefined), services: [otherPort] }), [
    'webhook-service-missing error certain',
  ]);
});

test('a headless service has no address to call, and a webhook without rules is never called', () => {
  const raws = backend('tools', 'hook', undefined);
  const [service] = raws.services as [{ spec: object }];
  const headless = { ...raws, services: [{ ...service, spec: { ...service.spec, clusterIP: 'None' } }] };
  const row = examine(webhookEndpoints, { ...configured(hook()), ...headless });
  assert.deepEqual(verdicts(row), ['webhook-unreachable error likely']);
  assert.ok(row.findings[0]?.remedy.includes('$ kubectl -n tools get service hook -o yaml'));
  assert.deepEqual(verdicts(examine(webhookEndpoints, configured(hook({ rules: [] })))), []);
});

test('one that is passed over is a warning of its own kind; one outside the cluster is not judged', () => {
  const ignored = configured(hook({ failurePolicy: 'Ignore' }));
  assert.deepEqual(verdicts(examine(webhookEndpoints, ignored)), ['webhook-failed-open warning certain']);
  const outside = { ...hook(), clientConfig: { url: 'https://policy.corp/validate' } };
  assert.equal(examine(webhookEndpoints, configured(outside)).result, 'ok');
});

test('what may not be read is unknown', () => {
  const gap = { why: 'forbidden', reason: 'you may not list services at the cluster scope' } as const;
  assert.equal(examine(webhookEndpoints, configured(hook()), { services: gap }).result, 'unknown');
});

const namespaces = (labels: Record<string, Record<string, string>>): Raws => ({
  namespaces: Object.entries(labels).map(([name, own]) => ({ metadata: { name, labels: own } })),
});

const leases = ['kube-system', 'kube-node-lease'];

test('a fail-closed webhook that covers its own pods is a deadlock', () => {
  const run = (more: object): string[] =>
    verdicts(
      examine(webhookDeadlocks, {
        ...configured(hook(more)),
        ...backend('tools', 'hook', undefined),
        ...namespaces({ tools: { team: 'a' } }),
      }),
    );
  assert.deepEqual(run({}), ['webhook-deadlock warning certain']);
  assert.deepEqual(run({ failurePolicy: 'Ignore' }), []);
  assert.deepEqual(run({ matchConditions: [{ name: 'x', expression: 'false' }] }), ['webhook-deadlock warning guess']);
  const not = (key: string, value: string): object => ({
    matchExpressions: [{ key, operator: 'NotIn', values: [value] }],
  });
  assert.deepEqual(run({ namespaceSelector: not('kubernetes.io/metadata.name', 'tools') }), []);
  assert.deepEqual(run({ namespaceSelector: not('team', 'a') }), []);
  assert.deepEqual(run({ namespaceSelector: not('team', 'b') }), ['webhook-deadlock warning certain']);
  assert.deepEqual(run({ objectSelector: not('app', 'hook') }), []);
  const rule = { apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], operations: ['*'] };
  assert.deepEqual(run({ rules: [{ ...rule, apiGroups: ['apps'] }] }), []);
  assert.deepEqual(run({ rules: [rule] }), ['webhook-deadlock warning certain']);
  assert.deepEqual(run({ rules: [{ ...rule, scope: 'Cluster' }] }), []);
  assert.deepEqual(run({ rules: [{ ...rule, resources: ['pods/exec'], operations: ['CONNECT'] }] }), []);
});

test('so is one that covers the registry its image comes from', () => {
  const raws: Raws = {
    ...configured({ ...hook(), clientConfig: { url: 'https://policy.corp/' } }),
    ...namespaces({ zarf: {}, app: {} }),
    services: [
      { metadata: { namespace: 'zarf', name: 'registry' }, spec: { ports: [{ port: 5000, nodePort: 31999 }] } },
    ],
    pods: [
      {
        metadata: { namespace: 'app', name: 'a' },
        spec: { containers: [{ name: 'c', image: '127.0.0.1:31999/library/nginx:1.27' }] },
      },
    ],
  };
  const [finding] = examine(webhookDeadlocks, raws).findings;
  assert.equal(finding?.cause, 'webhook-deadlock');
  assert.equal(finding.confidence, 'certain');
  assert.match(finding.summary, /must approve the pods of the registry in namespace zarf: while it is down/);

  // The pods of the registry are what counts, not others beside it.
  const [service] = raws.services as [{ spec: object }];
  const labelled = (app: string): object => ({ metadata: { namespace: 'zarf', name: app, labels: { app } }, spec: {} });
  const run = (app: string, beside: readonly object[] = [labelled('registry'), labelled('agent')]): string[] =>
    verdicts(
      examine(webhookDeadlocks, {
        ...raws,
        services: [{ ...service, spec: { ...service.spec, selector: { app: 'registry' } } }],
        pods: [...(raws.pods ?? []), ...beside],
        mutatingwebhookconfigurations: [
          webhookConfiguration('hook', [
            { ...hook({ objectSelector: { matchLabels: { app } } }), clientConfig: { url: 'https://policy.corp/' } },
          ]),
        ],
      }),
    );
  assert.deepEqual(run('registry'), ['webhook-deadlock warning certain']);
  // None of its pods is there, so only their labels are known by the service.
  assert.deepEqual(run('registry', []), ['webhook-deadlock warning likely']);
  assert.deepEqual(run('agent'), []);
});

test('so is one that covers kube-system, or the Leases of the control plane', () => {
  const everything = [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], operations: ['*'] }];
  const dns = { metadata: { namespace: 'kube-system', name: 'dns', labels: { app: 'dns' } }, spec: {} };
  const run = (more: object, pods: readonly object[] = [dns]) =>
    examine(webhookDeadlocks, {
      ...configured(hook(more)),
      ...namespaces({ tools: {}, 'kube-system': {}, 'kube-node-lease': {} }),
      pods,
    });
  const not = (...values: string[]): object => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }],
  });
  const row = run({ rules: everything, namespaceSelector: not('tools') });
  assert.deepEqual(verdicts(row), ['webhook-deadlock warning certain']);
  assert.match(
    row.findings[0]?.summary ?? '',
    /must approve the pods of kube-system and the Leases of kube-system and kube-node-lease: while it is down, the network/,
  );
  assert.ok(row.findings[0]?.remedy.join('\n').includes('values: [kube-system, kube-node-lease]'));
  const nodes = run({ rules: everything, namespaceSelector: not('tools', 'kube-system') });
  assert.match(nodes.findings[0]?.summary ?? '', /must approve the Leases of kube-node-lease: .* count as lost$/);
  assert.deepEqual(verdicts(run({ rules: everything, namespaceSelector: not('tools', ...leases) })), []);
  // The kubelet runs static pods without asking anybody.
  const annotations = { 'kubernetes.io/config.mirror': 'x' };
  const mirror = { metadata: { namespace: 'kube-system', name: 'etcd', annotations }, spec: {} };
  assert.deepEqual(verdicts(run({ namespaceSelector: not('tools') }, [mirror])), []);
  assert.deepEqual(verdicts(run({ namespaceSelector: not('tools') }, [mirror, dns])), [
    'webhook-deadlock warning certain',
  ]);
});

test('webhooks that fail open must do so before the request as a whole ends', () => {
  const times = (kind: 'mutating' | 'validating', policy: string, ...seconds: (number | undefined)[]): Raws => ({
    [`${kind}webhookconfigurations`]: [
      webhookConfiguration(
        kind,
        seconds.map((timeoutSeconds, index) => ({
          ...hook({ timeoutSeconds, failurePolicy: policy, namespaceSelector: { matchLabels: { team: 'a' } } }),
          name: `${index}.${kind}.tools`,
        })),
      ),
    ],
  });
  const run = (...raws: Raws[]) =>
    examine(webhookTimeouts, Object.assign({}, ...raws, namespaces({ a: { team: 'a' }, b: {} })) as Raws);
  // Ten where nothing is said; one after another.
  const row = run(times('mutating', 'Ignore', undefined, 10, 10, 5));
  assert.deepEqual(verdicts(row), ['webhook-timeouts-add-up warning certain']);
  assert.match(row.findings[0]?.summary ?? '', /may take 35 seconds together for a new pod in a, /);
  assert.match(
    row.findings[0]?.remedy.at(-1) ?? '',
    /^\$ kubectl patch mutatingwebhookconfiguration mutating --type=json -p '\[\{"op":"add","path":"\/webhooks\/0\/timeoutSeconds","value":5\},(?!.*webhooks\/3)/,
  );
  assert.deepEqual(verdicts(run(times('mutating', 'Ignore', 10, 10, 14))), []);
  assert.deepEqual(verdicts(run(times('mutating', 'Fail', 30, 30))), []);
  // Validating ones are asked at once.
  assert.deepEqual(verdicts(run(times('validating', 'Ignore', 30, 30))), []);
  assert.deepEqual(verdicts(run(times('validating', 'Ignore', 30, 30), times('mutating', 'Ignore', 5))), [
    'webhook-timeouts-add-up warning certain',
  ]);
});

const event = (message: string, minutes: number, uid = 'rs-1'): object => ({
  metadata: { namespace: 'app' },
  type: 'Warning',
  reason: 'FailedCreate',
  message,
  lastTimestamp: new Date(now.getTime() - minutes * 60_000).toISOString(),
  involvedObject: { kind: 'ReplicaSet', namespace: 'app', name: 'web-1', uid },
});
const failed = (tail: string): string =>
  `Error creating: Internal error occurred: failed calling webhook "hook.tools": failed to call webhook: Post "https://hook.tools.svc:443/x?timeout=10s": ${tail}`;

test('events tell which call failed and why, and the configuration whom to ask', () => {
  const stale = issue({ cn: 'ca', ca: true, ...days(-10, 3000) });
  const raws: Raws = {
    ...backend('tools', 'hook', 'hook-tls'),
    secrets: [
      tlsSecret('tools', 'hook-tls', {
        'ca.crt': ca.pem,
        'tls.crt': issue({ cn: 'h', names: ['DNS:hook.tools.svc'], by: ca, ...days(-1, 300) }).pem,
      }),
    ],
    mutatingwebhookconfigurations: [webhookConfiguration('hook', [webhook('hook.tools', 'tools/hook', stale.pem)])],
    events: [event(failed('tls: failed to verify certificate: x509: certificate signed by unknown authority'), 3)],
  };
  const row = examine(webhookCalls, raws);
  assert.deepEqual(verdicts(row), ['webhook-ca-mismatch error certain']);
  assert.deepEqual(row.findings[0]?.objects, [{ kind: 'ReplicaSet', namespace: 'app', name: 'web-1' }]);
  assert.match(
    row.findings[0].remedy.join('\n'),
    /kubectl patch mutatingwebhookconfiguration hook .*get secret hook-tls -o jsonpath/,
  );
});

test('of webhooks with one name the one that was called is meant', () => {
  const row = examine(webhookCalls, {
    mutatingwebhookconfigurations: [webhookConfiguration('mutating', [webhook('hook.tools', 'tools/hook', ca.pem)])],
    validatingwebhookconfigurations: [webhookConfiguration('other', [webhook('hook.tools', 'other/hook', ca.pem)])],
    events: [event(failed('context deadline exceeded'), 3)],
  });
  assert.match(row.findings[0]?.remedy.join('\n') ?? '', /delete mutatingwebhookconfiguration mutating/);
});

test('an old failure is only a warning, and one that is over is none', () => {
  const run = (minutes: number, raws: Raws = {}): string[] =>
    verdicts(
      examine(webhookCalls, {
        ...configured(hook()),
        events: [event(failed('context deadline exceeded'), minutes)],
        ...raws,
      }),
    );
  assert.deepEqual(run(3), ['webhook-timeout error certain']);
  assert.deepEqual(run(40), ['webhook-timeout warning likely']);
  assert.deepEqual(run(3, { mutatingwebhookconfigurations: [] }), []);
  const pod = (minutes: number): object => ({
    metadata: {
      namespace: 'app',
      name: 'web-1-a',
      creationTimestamp: new Date(now.getTime() - minutes * 60_000).toISOString(),
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'rs-1' }],
    },
  });
  assert.deepEqual(run(3, { pods: [pod(2)] }), []);
  assert.deepEqual(run(3, { pods: [pod(5)] }), ['webhook-timeout error certain']);
});

test('where the configurations may not be read, the event still counts', () => {
  const gap = { why: 'forbidden', reason: 'you may not list them' } as const;
  const raws: Raws = {
    events: [
      event(
        failed(
          'x509: certificate has expired or is not yet valid: current time 2026-06-01T00:00:00Z is after 2026-05-01T00:00:00Z',
        ),
        3,
      ),
    ],
  };
  const row = examine(webhookCalls, raws, { mutatingwebhookconfigurations: gap });
  assert.deepEqual(verdicts(row), ['webhook-cert-expired error certain']);
  assert.match(row.findings[0]?.summary ?? '', /calls of the webhook hook\.tools fail: x509: certificate has expired/);
});

test('an aggregated API that is not available says why', () => {
  const message =
    'failing or missing response from https://10.96.71.4:443/apis/metrics.k8s.io/v1beta1: Get "https://10.96.71.4:443/apis/metrics.k8s.io/v1beta1": dial tcp 10.96.71.4:443: connect: connection refused';
  const apiservices = [
    {
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { namespace: 'kube-system', name: 'metrics' },
        insecureSkipTLSVerify: true,
      },
      status: { conditions: [{ type: 'Available', status: 'False', reason: 'FailedDiscoveryCheck', message }] },
    },
    { metadata: { name: 'v1.apps' }, spec: {}, status: { conditions: [{ type: 'Available', status: 'True' }] } },
  ];
  const row = examine(apiAvailability, { apiservices });
  assert.deepEqual(verdicts(row), ['apiservice-unavailable error certain']);
  assert.match(row.findings[0]?.summary ?? '', /connection refused$/);
});
