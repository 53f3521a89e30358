import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindName } from '../../../../plugin/cluster/snapshot.ts';
import { runningImagesAllowed } from '../../../../plugin/doctor/checks/admission-running.ts';
import { templateKinds } from '../../../../plugin/doctor/admission/templates-by-policy.ts';
import { examine, verdicts, type Raws } from '../certs/examine.ts';
import { mutating, namespace, pod, policy, validating, world } from './world.ts';

const foreign = 'quay.io/team/app:1';
const spec = (image: string, more: object = {}): object => ({ containers: [{ name: 'app', image }], ...more });
const template = (image: string, labels: object = {}): object => ({ metadata: { labels }, spec: spec(image) });
/** An object with its pod template where its kind has it. */
const made = (kind: string, name: string, image: string, labels: object = {}, more: object = {}): object => {
  const metadata = { namespace: 'shop', name };
  const inside = template(image, labels);
  if (kind === 'podtemplates') return { metadata, template: inside };
  if (kind === 'cronjobs') return { metadata, spec: { jobTemplate: { spec: { template: inside } } } };
  return { metadata, spec: { template: inside }, ...more };
};
const look = (raws: Raws) => examine(runningImagesAllowed, { ...world, ...raws });
const objects = (raws: Raws): string[] =>
  look(raws).findings.flatMap((finding) =>
    finding.objects.map(({ kind, namespace: where, name, container = '' }) => `${kind} ${where}/${name} ${container}`),
  );
const ownedBy = (kind: string, name: string, labels: object = {}): object => ({
  creationTimestamp: '2025-01-01T00:00:00Z',
  ownerReferences: [{ kind, name, uid: 'u' }],
  labels,
});
const ofDeployment = ownedBy('ReplicaSet', 'web-5d8', { 'pod-template-hash': '5d8' });

for (const kind of templateKinds)
  test(`${kind}: a template without pods whose image would be turned away is found`, () => {
    const row = look({ [kind]: [made(kind, 'web', foreign), made(kind, 'fine', 'nginx')] });
    assert.deepEqual(verdicts(row), ['image-would-be-rejected error certain']);
    assert.match(
      row.findings[0]?.summary ?? '',
      /^quay\.io\/team\/app:1 stands in a template of which no pod runs now, and the policy default \(mode Enforce\) does not allow it: no mirror covers it/,
    );
    assert.deepEqual(
      row.findings[0]?.objects.map(({ name, container }) => `${name} ${container}`),
      ['web app'],
    );
  });

test('init containers and image volumes of a template count, and what is no reference', () => {
  const init = { metadata: {}, spec: { initContainers: [{ name: 'first', image: foreign }] } };
  const volume = { metadata: {}, spec: spec('nginx', { volumes: [{ name: 'v', image: { reference: foreign } }] }) };
  const place = (name: string, inside: object): object => ({
    metadata: { namespace: 'shop', name },
    spec: { template: inside },
  });
  assert.deepEqual(objects({ statefulsets: [place('a', init), place('b', volume)] }), [
    'StatefulSet shop/a first',
    'StatefulSet shop/b ',
  ]);
  const [invalid] = look({ deployments: [made('deployments', 'bad', 'Not An Image')] }).findings;
  assert.equal(invalid?.cause, 'image-would-be-rejected');
  assert.ok(!invalid.remedy.some((line) => line.includes('airgappolicy')));
});

test('a template stands for its pods; what has another image than its template stands for itself', () => {
  const deployments = [made('deployments', 'web', foreign)];
  const pods = [pod('web-1', foreign, ofDeployment), pod('web-2', foreign, ofDeployment)];
  const row = look({ deployments, pods });
  assert.deepEqual(objects({ deployments, pods }), ['Deployment shop/web app']);
  assert.match(row.findings[0]?.summary ?? '', /^quay\.io\/team\/app:1 runs, and the policy/);
  assert.deepEqual(row.findings[0]?.evidence, ['2 pods of these templates run with it', 'it is older than the policy']);
  assert.deepEqual(objects({ deployments, pods: [...pods, pod('bare', foreign)] }), [
    'Deployment shop/web app',
    'Pod shop/bare app',
  ]);
  // Its template was changed; the rollout has not come that far, or never will.
  assert.deepEqual(objects({ deployments: [made('deployments', 'web', 'nginx')], pods }), [
    'Pod shop/web-1 app',
    'Pod shop/web-2 app',
  ]);
  assert.deepEqual(objects({ deployments, pods: [pod('web-1', 'quay.io/team/app:0', ofDeployment)] }), [
    'Pod shop/web-1 app',
    'Deployment shop/web app',
  ]);
  const elsewhere = { ...ofDeployment, namespace: 'market' };
  assert.deepEqual(objects({ deployments, pods: [pod('web-1', foreign, elsewhere)] }), [
    'Pod market/web-1 app',
    'Deployment shop/web app',
  ]);
});

test('pods are found under whatever made them', () => {
  const under = (kind: KindName, name: string, meta: object): string[] =>
    objects({ [kind]: [made(kind, name, foreign)], pods: [pod('p', foreign, meta)] });
  assert.deepEqual(under('statefulsets', 'db', ownedBy('StatefulSet', 'db')), ['StatefulSet shop/db app']);
  assert.deepEqual(under('daemonsets', 'agent', ownedBy('DaemonSet', 'agent')), ['DaemonSet shop/agent app']);
  assert.deepEqual(under('jobs', 'once', ownedBy('Job', 'once')), ['Job shop/once app']);
  assert.deepEqual(under('cronjobs', 'nightly', ownedBy('Job', 'nightly-29384756')), ['CronJob shop/nightly app']);
  assert.deepEqual(under('cronjobs', 'nightly', ownedBy('Job', 'other-29384756')), [
    'CronJob shop/nightly app',
    'Pod shop/p app',
  ]);
  assert.deepEqual(under('deployments', 'web', ownedBy('ReplicaSet', 'web-5d8')), [
    'Deployment shop/web app',
    'Pod shop/p app',
  ]);
});

test('a Job that has ended, or that a CronJob made, makes no more pods', () => {
  const job = (status: object, meta: object = {}): object => ({
    metadata: { namespace: 'shop', name: 'once', ...meta },
    spec: { template: template(foreign) },
    status,
  });
  const ended = (type: string): object => job({ conditions: [{ type, status: 'True' }] });
  assert.deepEqual(objects({ jobs: [ended('Complete')] }), []);
  assert.deepEqual(objects({ jobs: [ended('Failed')] }), []);
  assert.deepEqual(objects({ jobs: [job({}, { ownerReferences: [{ kind: 'CronJob', name: 'n', uid: 'u' }] })] }), []);
  assert.deepEqual(objects({ jobs: [ended('Suspended')] }), ['Job shop/once app']);
});

test('an image that is rewritten in the pods is right in a template', () => {
  assert.deepEqual(objects({ cronjobs: [made('cronjobs', 'nightly', 'nginx')] }), []);
  // The pod is told, with the command that makes it anew.
  const row = look({ deployments: [made('deployments', 'web', 'nginx')], pods: [pod('web-1', 'nginx', ofDeployment)] });
  assert.deepEqual(verdicts(row), ['image-would-be-rewritten warning certain']);
  assert.equal(row.findings[0]?.remedy.at(-1), '$ kubectl -n shop rollout restart deployment web');
});

test('exempt and system namespaces are passed over, and where nothing turns it away it is only a warning', () => {
  const at = (where: string, labels: object = {}): object => ({
    metadata: { namespace: where, name: 'web' },
    spec: { template: template(foreign, labels) },
  });
  assert.deepEqual(objects({ deployments: [at('legacy'), at('kube-system'), at('airgap-system')] }), []);
  const deployments = [at('shop', { raw: 'yes' })];
  assert.deepEqual(verdicts(look({ deployments })), ['image-would-be-rejected error certain']);
  const opted = look({ ...validating({ objectSelector: { matchLabels: { raw: 'no' } } }), deployments });
  assert.deepEqual(verdicts(opted), ['image-would-be-rejected warning certain']);
  assert.match(
    opted.findings[0]?.remedy[0] ?? '',
    /^Nothing runs with it, and new pods are let in: the webhook validate\.airgap\.dev is not asked: its objectSelector leaves it out .*\. Once that is mended, the next run or scale-up is/,
  );
  const bare = look({ ...mutating(), validatingwebhookconfigurations: [], deployments });
  assert.deepEqual(verdicts(bare), ['image-would-be-rejected warning certain']);
});

test('of a policy that is not applied, what its webhook leaves out hides nothing that would break elsewhere', () => {
  const selector = { matchExpressions: [{ key: 'optout', operator: 'DoesNotExist' }] };
  const row = look({
    ...validating({ namespaceSelector: selector }),
    airgappolicies: [policy('default', {}, { uid: '', generation: 0 })],
    namespaces: [namespace('free', { optout: 'yes' }), namespace('shop')],
    pods: [pod('a', foreign, { namespace: 'free' }), pod('b', foreign)],
  });
  assert.deepEqual(verdicts(row), ['image-would-be-rejected error certain', 'image-would-be-rejected warning certain']);
  assert.equal(row.findings[0]?.objects[0]?.name, 'b');
});

test('a condition or an entry of our own hides nothing that is wrong', () => {
  const own = ['not-exempt.airgap.dev', 'something-to-judge.airgap.dev'];
  const matchConditions = own.map((name) => ({ name, expression: 'false' }));
  const [configuration] = validating({ matchConditions }).validatingwebhookconfigurations as [
    { webhooks: [{ name: string }] },
  ];
  // The entry for custom resources is asked about other namespaces, and about no pods.
  const rule = { apiGroups: ['x.io'], apiVersions: ['*'], resources: ['things'], operations: ['CREATE'] };
  const entry = { ...configuration.webhooks[0], name: 'custom.validate.airgap.dev', rules: [rule] };
  const validatingwebhookconfigurations = [
    { ...configuration, webhooks: [{ ...entry, namespaceSelector: {} }, configuration.webhooks[0]] },
  ];
  const inSystem = { metadata: { namespace: 'kube-system', name: 'cni' }, spec: { template: template(foreign) } };
  const raws = {
    validatingwebhookconfigurations,
    daemonsets: [inSystem],
    deployments: [made('deployments', 'web', foreign)],
    pods: [pod('bare', foreign, { creationTimestamp: '2026-03-01T00:00:00Z' })],
  };
  assert.deepEqual(objects(raws), ['Deployment shop/web app', 'Pod shop/bare app']);
  assert.deepEqual(verdicts(look(raws)), ['image-would-be-rejected error certain']);
});

test('in the modes before Enforce an image is told once, whatever the age of its pods', () => {
  for (const mode of ['Audit', 'Warn', 'Rewrite']) {
    const row = look({
      airgappolicies: [policy('default', { mode })],
      pods: [
        pod('old', foreign, { creationTimestamp: '2025-01-01T00:00:00Z' }),
        pod('between', foreign, { creationTimestamp: '2026-01-15T00:00:00Z' }),
        pod('young', foreign),
      ],
      cronjobs: [made('cronjobs', 'nightly', foreign)],
    });
    assert.deepEqual(verdicts(row), ['image-would-be-rejected warning certain'], mode);
    assert.equal(row.findings[0]?.objects.length, 4);
    assert.match(row.findings[0].remedy[0] ?? '', new RegExp(`let in: the mode ${mode} .*\\. In the mode Enforce the`));
    assert.match(row.reason ?? '', /^3 pods and 1 template were looked at$/);
  }
});

test('an old pod in a namespace that is left out now is not promised a cure', () => {
  const left = mutating({ namespaceSelector: { matchLabels: { team: 'a' } } });
  const pods = [pod('old', 'nginx', { creationTimestamp: '2025-01-01T00:00:00Z' })];
  const cure = (raws: Raws): boolean =>
    look({ ...raws, pods }).findings[0]?.remedy.some((line) => line.includes('replace --force')) ?? false;
  assert.equal(cure({}), true);
  assert.equal(cure(left), false);
});

test('templates that could not be read, and custom resources, keep it from being ok', () => {
  const absent = { cronjobs: { why: 'absent', reason: 'the dump does not hold cronjobs.batch' } } as const;
  const row = examine(runningImagesAllowed, world, absent);
  assert.equal(row.result, 'unknown');
  assert.match(row.reason ?? '', /templates were not looked at: cronjobs\.batch/);
  const customResources = [{ group: 'x.io', kind: 'Thing', paths: ['spec.image'] }];
  const custom = look({ airgappolicies: [policy('default', { customResources })] });
  assert.equal(custom.result, 'ok');
  assert.equal(
    custom.reason,
    'custom resources are not read here: kubectl get thing.x.io -A -o yaml | kubectl airgap check -f - judges them',
  );
  // Without a policy there is nothing that could not be said.
  assert.equal(examine(runningImagesAllowed, { namespaces: [namespace('shop')] }, absent).result, 'ok');
});
