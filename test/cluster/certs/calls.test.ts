import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { base64, issue, type Issued, type Wanted } from '../../x509.ts';
import type { Manifest } from '../api.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { causesOf, operatorOf, type Operator } from './operator.ts';
import { startWebhook, type Behaviour } from './webhook-server.ts';

const day = 86_400_000;
const from = (days: number): Date => new Date(Date.now() + days * day);
const ca = issue({ cn: 'webhook ca', ca: true, from: from(-30), until: from(3000) });
const stranger = issue({ cn: 'webhook ca', ca: true, from: from(-30), until: from(3000) });
const leaf = (wanted: Wanted = {}): Issued =>
  issue({ cn: 'hook', names: ['IP:127.0.0.1'], by: ca, from: from(-20), until: from(300), ...wanted });

interface Break {
  readonly cause: string;
  readonly behaviour?: Behaviour;
  readonly certificate?: Issued;
  readonly caBundle?: string;
  readonly url?: string;
  /** `publish`: the remedy's own command; `renew`: the server shows what the remedy asks for; `remove`: its last resort. */
  readonly cure: 'publish' | 'renew' | 'remove';
}

const breaks: Readonly<Record<string, Break>> = {
  expired: { cause: 'webhook-cert-expired', certificate: leaf({ from: from(-300), until: from(-1) }), cure: 'renew' },
  early: { cause: 'webhook-cert-not-yet-valid', certificate: leaf({ from: from(1) }), cure: 'renew' },
  'stale-ca': { cause: 'webhook-ca-mismatch', caBundle: stranger.pem, cure: 'publish' },
  'common-name': { cause: 'webhook-cert-unusable', certificate: leaf({ cn: '127.0.0.1', names: [] }), cure: 'renew' },
  'wrong-name': { cause: 'webhook-cert-unusable', certificate: leaf({ names: ['IP:192.0.2.7'] }), cure: 'renew' },
  sha1: {
    cause: 'webhook-cert-unusable',
    certificate: leaf({ key: 'rsa', hash: 'sha1', by: issue({ cn: 'webhook ca', ca: true, key: 'rsa' }) }),
    cure: 'renew',
  },
  'wrong-usage': { cause: 'webhook-cert-unusable', certificate: leaf({ usages: ['client'] }), cure: 'renew' },
  refused: { cause: 'webhook-refused', behaviour: 'closed', cure: 'remove' },
  silent: { cause: 'webhook-timeout', behaviour: 'silent', cure: 'remove' },
  plain: { cause: 'webhook-error', behaviour: 'plain', cure: 'remove' },
  failing: { cause: 'webhook-error', behaviour: 'fail', cure: 'remove' },
  nonsense: { cause: 'webhook-error', behaviour: 'nonsense', cure: 'remove' },
};

let cluster: ControlPlaneCluster;
let operator: Operator;
before(async () => {
  cluster = await startControlPlane();
  operator = await operatorOf(cluster);
});
after(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

/** A webhook that asks about the pods of one namespace, and a Deployment there whose pods it keeps from being made. */
function arrange(name: string, url: string, caBundle: string): Manifest[] {
  const labels = { app: 'web' };
  const admission = {
    name: `${name}.example.com`,
    clientConfig: { url, caBundle: base64(caBundle) },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `call-${name}` } },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 1,
  };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `call-${name}` } },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: `call-${name}` },
      webhooks: [admission],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: `call-${name}`, name: 'web' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'main', image: 'registry.example.com/web:1' }] },
        },
      },
    },
  ];
}

async function pods(namespace: string): Promise<number> {
  return (await cluster.api.get<{ items: unknown[] }>(`/api/v1/namespaces/${namespace}/pods`)).items.length;
}

for (const [name, { cause, behaviour = 'allow', certificate = leaf(), caBundle = ca.pem, cure }] of Object.entries(
  breaks,
))
  test(`found and cured: a webhook that is ${name}`, { timeout: 120_000 }, async () => {
    await using server = await startWebhook(behaviour, certificate);
    const namespace = `call-${name}`;
    await cluster.api.apply(...arrange(name, `https://127.0.0.1:${server.port}/`, caBundle));

    const found = await operator.found(namespace);
    assert.deepEqual(causesOf(found), [`error ${cause}`], JSON.stringify(found));
    assert.deepEqual(
      found[0]?.objects.map(({ kind, namespace: at }) => [kind, at]),
      [['ReplicaSet', namespace]],
    );
    assert.equal(await pods(namespace), 0);

    if (cure === 'publish') {
      writeFileSync(path.join(operator.folder, 'ca.crt'), ca.pem);
      await operator.paste(found[0], /^\$ kubectl patch validatingwebhookconfiguration/);
    } else if (cure === 'renew') {
      assert.match(found[0]?.remedy.join('\n') ?? '', /Issue (it anew|a new certificate|the certificate anew)/);
      server.show(leaf());
    } else await operator.paste(found[0], /kubectl delete validatingwebhookconfiguration/);
    await operator.gone(namespace);
    if (cure !== 'remove') assert.equal(await pods(namespace), 1);
  });
