import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds } from '../../../plugin/cluster/kinds.ts';
import { redact } from '../../../plugin/cluster/redact.ts';
import type { KindName } from '../../../plugin/cluster/snapshot.ts';
import type { Json } from '../../../shared/kube/json.ts';
import { readRefused } from '../../../shared/kube/refused.ts';
import { base64, issue } from '../../x509.ts';

const secret = 'hunter2';
const { pem, keyPem } = issue({ cn: 'ca', ca: true });
const metadata = {
  name: 'web',
  namespace: 'app',
  uid: 'u',
  labels: { app: 'web' },
  annotations: {
    'kubectl.kubernetes.io/last-applied-configuration': `{"env":"${secret}"}`,
    'kubernetes.io/config.mirror': 'abc',
    'cert-manager.io/inject-ca-from': 'app/ca',
    'vault.example.com/token': secret,
  },
  managedFields: [{ manager: secret }],
};
const template = {
  containers: [
    {
      name: 'web',
      image: 'r.corp/web:1',
      command: ['sh', '-c', `login ${secret}`],
      args: ['--password', secret],
      env: [
        { name: 'PASSWORD', value: secret },
        { name: 'RELATED_IMAGE', value: 'r.corp/team/app:1.2' },
        { name: 'HTTPS_PROXY', value: `http://user:${secret}@proxy:3128` },
        { name: 'EMPTY', value: '' },
        { name: 'REF', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      ],
      livenessProbe: { httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: secret }] } },
      futureField: { kept: true },
    },
  ],
};
const message = `Get "https://robot:${secret}@r.corp/v2/": EOF`;
const conditions = [{ type: 'Ready', status: 'False', reason: 'r', message, lastTransitionTime: 't' }];
const samples: Partial<Record<KindName, Json>> = {
  pods: {
    metadata,
    spec: template,
    status: {
      conditions,
      containerStatuses: [
        {
          name: 'web',
          image: 'x',
          imageID: 'docker-pullable://x@sha256:00',
          state: { waiting: { reason: 'ErrImagePull', message } },
        },
      ],
    },
  },
  events: { metadata, type: 'Warning', reason: 'Failed', message },
  nodes: { metadata, status: { nodeInfo: { architecture: 'amd64', containerRuntimeVersion: 'containerd://2.4.2' } } },
  secrets: {
    metadata,
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(pem), 'tls.key': base64(keyPem), password: base64(secret) },
  },
  configmaps: {
    metadata,
    data: {
      'ca.crt': pem + keyPem,
      'app.properties': `password=${secret}`,
      Corefile: `.:53 {\n  forward . 8.8.8.8 {\n  }\n  etcd { credentials root ${secret} }\n}`,
    },
    binaryData: { x: base64(secret) },
  },
  customresourcedefinitions: {
    metadata,
    spec: {
      group: 'example.com',
      versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: { description: secret } } }],
      conversion: {
        strategy: 'Webhook',
        webhook: { clientConfig: { caBundle: base64(pem), url: 'https://hook.corp/convert' } },
      },
    },
    status: { conditions },
  },
  gitrepositories: {
    metadata,
    spec: { url: `https://robot:${secret}@git.corp/x?token=${secret}`, suspend: false, secretRef: { name: 'x' } },
    status: { conditions },
  },
  apiservices: {
    metadata,
    spec: { caBundle: base64(pem), service: { namespace: 'a', name: 'b' }, group: 'g', version: 'v1' },
    status: { conditions },
  },
};

test('what a check reads of an object is kept, whichever annotation and status it stands in', () => {
  const helm = { ...metadata, annotations: { ...metadata.annotations, 'meta.helm.sh/release-name': 'web' } };
  const denied = 'roles is forbidden: User "system:serviceaccount:a:b" cannot list resource "roles"';
  const application = {
    metadata,
    spec: {
      source: { helm: { parameters: [{ name: 'password', value: secret }], valuesObject: { password: secret } } },
    },
    status: {
      conditions: [{ type: 'SyncError', message: denied }],
      operationState: {
        message: denied,
        operation: { sync: { source: { helm: { values: secret } } } },
        syncResult: { resources: [{ message: denied }] },
      },
    },
  };
  const cases: readonly (readonly [KindName, Json])[] = [
    ['clusterroles', { metadata: helm, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] }],
    [
      'mutatingwebhookconfigurations',
      {
        metadata,
        webhooks: [
          {
            name: 'w',
            clientConfig: { caBundle: base64(pem) },
            namespaceSelector: { matchExpressions: [{ key: 'k', operator: 'In', values: ['v'] }] },
          },
        ],
      },
    ],
  ];
  for (const [name, raw] of cases) {
    const entry = kinds[name];
    assert.ok(entry.from === 'resource');
    assert.deepEqual(entry.read(redact(entry.type, raw)), entry.read(raw), name);
  }
  const type = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    plural: 'applications',
    kind: 'Application',
    namespaced: true,
  };
  const left = redact(type, application);
  assert.ok(!JSON.stringify(left).includes(secret));
  assert.deepEqual(readRefused('Application')(left), readRefused('Application')(application));
  assert.equal(readRefused('Application')(left)?.messages.length, 3);
});

test('nothing secret is left, and every reader says the same of what is left', () => {
  for (const [name, raw] of Object.entries(samples) as [KindName, Json][]) {
    const entry = kinds[name];
    assert.ok(entry.from === 'resource');
    const left = redact(entry.type, raw);
    const text = JSON.stringify(left);
    for (const byte of [secret, base64(secret), keyPem.split('\n')[1] ?? ''])
      assert.ok(!text.includes(byte), `${name}: ${text}`);
    assert.deepEqual(entry.read(left), entry.read(raw), name);
    assert.deepEqual(redact(entry.type, left), left, `${name} redacted twice`);
  }
});

test('of a pod, what a checker needs and what it does not know is kept', () => {
  const left = redact((kinds.pods as { type: Parameters<typeof redact>[0] }).type, samples.pods ?? {});
  assert.deepEqual(left['spec'], {
    containers: [
      {
        name: 'web',
        image: 'r.corp/web:1',
        env: [
          { name: 'PASSWORD' },
          { name: 'RELATED_IMAGE', value: 'r.corp/team/app:1.2' },
          { name: 'HTTPS_PROXY', value: 'http://[redacted]@proxy:3128' },
          { name: 'EMPTY', value: '' },
          { name: 'REF', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        ],
        livenessProbe: { httpGet: { path: '/' } },
        futureField: { kept: true },
      },
    ],
  });
  assert.deepEqual((left['metadata'] as Json)['annotations'], {
    'kubernetes.io/config.mirror': 'abc',
    'cert-manager.io/inject-ca-from': 'app/ca',
    'vault.example.com/token': '',
  });
});

test('an object that nests without end is cut off, in good time', () => {
  const deep = JSON.parse(`{"spec":${'{"a":['.repeat(200_000)}1${']}'.repeat(200_000)}}`) as Json;
  const left = redact({ group: 'x', version: 'v1', plural: 'xs', kind: 'X', namespaced: true }, deep);
  assert.ok(JSON.stringify(left).length < 1000);
});
