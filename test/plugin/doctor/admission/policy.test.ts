import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namespacesCovered } from '../../../../plugin/doctor/checks/admission-coverage.ts';
import { webhookDeadlocks } from '../../../../plugin/doctor/checks/admission-deadlock.ts';
import { webhookTimeouts } from '../../../../plugin/doctor/checks/admission-timeouts.ts';
import { admissionObjects } from '../../../../plugin/install/admission-objects.ts';
import { celAgrees } from '../../../../plugin/doctor/checks/admission-drift.ts';
import { policiesEnforced } from '../../../../plugin/doctor/checks/admission-enforced.ts';
import { policiesInForce } from '../../../../plugin/doctor/checks/admission-policies.ts';
import { webhookReplicas } from '../../../../plugin/doctor/checks/admission-replicas.ts';
import { runningImagesAllowed } from '../../../../plugin/doctor/checks/admission-running.ts';
import { noPodSlipped } from '../../../../plugin/doctor/checks/admission-slipped.ts';
import { release } from '../../../../shared/release.ts';
import type { KubernetesObject } from '../../../../shared/policy/cel/kubernetes-object.ts';
import { celObjects, type CelOptions } from '../../../../shared/policy/cel/objects.ts';
import { readPolicy } from '../../../../shared/policy/load.ts';
import { examine, verdicts, type Raws } from '../certs/examine.ts';
import { inForce, installed, mutating, namespace, pod, policy, validating, world } from './world.ts';

test('a policy needs what its mode does: a mutating webhook to rewrite, a validating one to reject', () => {
  const run = (raws: Raws): string[] => verdicts(examine(policiesEnforced, raws));
  assert.deepEqual(run({ ...installed, ...inForce }), []);
  assert.deepEqual(run(inForce), ['policy-not-enforced error certain']);
  assert.deepEqual(run({ ...inForce, ...mutating() }), ['policy-not-enforced error certain']);
  assert.deepEqual(run({ ...inForce, ...validating() }), ['policy-not-enforced error certain']);
  const mode = (name: string): Raws => ({ airgappolicies: [policy('default', { mode: name })] });
  assert.deepEqual(run({ ...mode('Rewrite'), ...mutating() }), []);
  assert.deepEqual(run({ ...mode('Warn'), ...validating() }), []);
  assert.deepEqual(run(mode('Audit')), ['policy-not-enforced warning certain']);
  assert.deepEqual(run({ ...inForce, ...installed, ...mutating({ rules: [] }) }), [
    'policy-not-enforced error certain',
  ]);
  assert.deepEqual(run(installed), ['policy-missing warning certain']);
  assert.deepEqual(run({}), []);
});

test('a policy from a file need not be enforced by the cluster', () => {
  assert.deepEqual(verdicts(examine(policiesEnforced, { airgappolicies: [policy('p', {}, { uid: '' })] })), []);
});

test('the command to install names the image that runs, or the one that the mirror should have', () => {
  const { findings } = examine(policiesEnforced, inForce);
  const command = `$ kubectl airgap install --image my-registry.local/airgap-webhook:${release} -n airgap-system`;
  assert.ok(findings[0]?.remedy.includes(command));
});

test('a policy that does not load, and what the status tells of it', () => {
  const run = (...policies: object[]): string[] =>
    verdicts(examine(policiesInForce, { ...installed, airgappolicies: policies }));
  const status = (reason: string, observedGeneration = 1): object => ({
    observedGeneration,
    conditions: [{ type: 'Ready', status: 'False', reason, message: 'spec.new is not known. It is not in force.' }],
  });
  assert.deepEqual(run(policy('default', {}, {}, { observedGeneration: 1 })), []);
  assert.deepEqual(run(policy('default', { mirrors: [{ sourcePrefix: 'x' }] })), ['policy-refused error certain']);
  assert.deepEqual(run(policy('default', {}, {}, status('Invalid'))), ['policy-refused error likely']);
  assert.deepEqual(run(policy('default', {}, { generation: 2 }, status('Invalid'))), [
    'policy-not-observed warning certain',
  ]);
  assert.deepEqual(run(policy()), ['policy-not-observed warning certain']);
  // Just applied, or from a file.
  assert.deepEqual(run(policy('default', {}, { creationTimestamp: '2026-05-31T23:59:30Z' })), []);
  assert.deepEqual(run(policy('default', {}, { uid: '' })), []);
});

test('of two policies of one rank the later one is told, with the namespaces where both select', () => {
  const status = { observedGeneration: 1 };
  const later = { creationTimestamp: '2026-01-02T00:00:00Z' };
  const both = { airgappolicies: [policy('default', {}, {}, status), policy('second', {}, later, status)] };
  const [finding] = examine(policiesInForce, both).findings;
  assert.equal(
    finding?.summary,
    'the policy second is without effect everywhere: the older policy default applies instead',
  );
  assert.ok(finding.remedy.includes('$ kubectl delete airgappolicy second'));
  const selecting = { namespaceSelector: { matchLabels: { team: 'a' } } };
  const narrow = examine(policiesInForce, {
    airgappolicies: [policy('one', selecting, {}, status), policy('two', selecting, later, status)],
    namespaces: [namespace('shop', { team: 'a' }), namespace('other')],
  }).findings;
  assert.equal(narrow.length, 1);
  assert.match(narrow[0]?.summary ?? '', /two is without effect in shop/);
  assert.ok(!narrow[0]?.remedy.some((line) => line.includes('delete')));
});

test('replicas: all ready and two of them, of this release', () => {
  const replica = (name: string, ready: boolean): object => ({
    metadata: {
      namespace: 'airgap-system',
      name,
      labels: { app: 'w', 'pod-template-hash': 'abc' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'airgap-webhook-abc', uid: 'x' }],
    },
    spec: { containers: [{ name: 'webhook', image: 'my-registry.local/airgap-webhook:0.0.1' }] },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', message: 'containers not ready' }] },
  });
  const services = [
    { metadata: { namespace: 'airgap-system', name: 'airgap-webhook' }, spec: { selector: { app: 'w' } } },
  ];
  const run = (...pods: object[]) => examine(webhookReplicas, { ...installed, services, pods });
  assert.deepEqual(verdicts(run(replica('a', true), replica('b', true))), []);
  assert.deepEqual(verdicts(run(replica('a', true), replica('b', false))), ['webhook-replica-down warning certain']);
  const [single] = run(replica('a', true)).findings;
  assert.ok(single?.remedy.includes('$ kubectl -n airgap-system scale deployment airgap-webhook --replicas=2'));
  // None at all is another check's.
  assert.deepEqual(verdicts(run(replica('a', false))), []);
  const status = { observedGeneration: 1, observedBy: '0.0.1' };
  const old = examine(webhookReplicas, {
    ...installed,
    services,
    pods: [replica('a', true), replica('b', true)],
    airgappolicies: [policy('default', {}, {}, status)],
  });
  assert.deepEqual(verdicts(old), ['webhook-other-release warning certain']);
  assert.ok(
    old.findings[0]?.remedy.includes(`$ kubectl airgap install --image my-registry.local/airgap-webhook:${release}`),
  );
});

test('replicas of a webhook that is called by a URL cannot be seen, and the row says so', () => {
  const outside = { clientConfig: { url: 'https://policy.corp/mutate' } };
  const row = examine(webhookReplicas, mutating(outside));
  assert.equal(row.result, 'ok');
  assert.match(row.reason ?? '', /https:\/\/policy\.corp\/mutate/);
});

test('namespaces: exempt and system ones are mentioned, others that are left out are found', () => {
  const namespaces = ['shop', 'legacy', 'kube-system', 'airgap-system'].map((name) => namespace(name));
  const calm = examine(namespacesCovered, { ...installed, ...inForce, namespaces });
  assert.equal(calm.result, 'ok');
  assert.equal(
    calm.reason,
    'legacy is exempt (moves in May); kube-system is left out by the installation; airgap-system is left out by the installation',
  );
  const selector = { matchExpressions: [{ key: 'optout', operator: 'DoesNotExist' }] };
  const row = examine(namespacesCovered, {
    ...validating(),
    ...mutating({ namespaceSelector: selector }),
    ...inForce,
    namespaces: [...namespaces, namespace('wild', { optout: 'yes' }), namespace('wilder', { optout: 'no' })],
  });
  assert.deepEqual(verdicts(row), ['namespace-not-covered warning certain']);
  assert.deepEqual(
    row.findings[0]?.objects.map(({ name }) => name),
    ['wild', 'wilder'],
  );
  assert.ok(row.findings[0].remedy.includes('$ kubectl label namespace wild optout-'));
});

test('what we install deadlocks nothing, is in time, and leaves no way around', () => {
  const objects = admissionObjects('airgap-system').map((object) => ({ ...object }));
  const of = (kind: string): object[] => objects.filter((object) => object.kind === kind);
  const raws: Raws = {
    ...inForce,
    mutatingwebhookconfigurations: of('MutatingWebhookConfiguration'),
    validatingwebhookconfigurations: of('ValidatingWebhookConfiguration'),
    namespaces: ['shop', 'kube-system', 'kube-node-lease', 'airgap-system'].map((name) => namespace(name)),
    pods: ['shop', 'kube-system', 'airgap-system'].map((where) =>
      pod('p', 'my-registry.local/x', { namespace: where }),
    ),
  };
  for (const check of [webhookDeadlocks, webhookTimeouts, namespacesCovered, policiesEnforced])
    assert.deepEqual(verdicts(examine(check, raws)), [], check.id);
});

test('a way around our own webhook is told, even while nobody has taken it', () => {
  const run = (raws: Raws) => examine(namespacesCovered, { ...world, ...raws });
  assert.deepEqual(verdicts(run({})), []);
  const labelled = run(
    validating({ objectSelector: { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] } }),
  );
  assert.deepEqual(verdicts(labelled), ['webhook-narrowed warning certain']);
  assert.match(
    labelled.findings[0]?.summary ?? '',
    /^the webhook validate\.airgap\.dev is not asked about all pods: a pod with labels that its objectSelector leaves out is not turned away$/,
  );
  assert.ok(
    labelled.findings[0]?.remedy.includes(
      `$ kubectl patch validatingwebhookconfiguration airgap-webhook --type=json -p '[{"op":"replace","path":"/webhooks/0/objectSelector","value":{}}]'`,
    ),
  );
  const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE', 'UPDATE'] };
  const debug = run(mutating({ rules: [rule] }));
  assert.match(
    debug.findings[0]?.summary ?? '',
    /what comes by UPDATE of pods\/ephemeralcontainers \(kubectl debug\) is not/,
  );
  assert.ok(debug.findings[0]?.remedy.at(-1)?.startsWith('$ kubectl airgap install --image my-registry.local/'));
  // Conditions are documented as everybody's own, and the entry for custom resources is not about pods.
  assert.deepEqual(verdicts(run(validating({ matchConditions: [{ name: 'weekdays', expression: 'false' }] }))), []);
  assert.deepEqual(verdicts(run({ ...mutating({ rules: [] }) })), []);
  // A policy in CEL stands beside it.
  const beside = celOf(policy());
  assert.deepEqual(verdicts(run({ ...validating({ objectSelector: { matchLabels: { a: 'b' } } }), ...beside })), []);
});

test('a namespace that no policy selects counts once pods run there', () => {
  const narrow = { airgappolicies: [policy('default', { namespaceSelector: { matchLabels: { team: 'a' } } })] };
  const raws = {
    ...installed,
    ...narrow,
    namespaces: [namespace('shop'), namespace('empty'), namespace('kube-system')],
  };
  const row = examine(namespacesCovered, { ...raws, pods: [pod('a', 'x.y/z')] });
  assert.deepEqual(verdicts(row), ['namespace-not-covered warning certain']);
  assert.match(row.findings[0]?.summary ?? '', /^not covered: shop: no policy selects them, and pods run there$/);
  assert.match(row.reason ?? '', /no policy selects empty/);
});

const running = (raws: Raws): string[] => verdicts(examine(runningImagesAllowed, { ...world, ...raws }));

test('what runs is judged as the webhook would, by image, with its pods', () => {
  const old = { creationTimestamp: '2025-01-01T00:00:00Z' };
  const pods = [
    pod('a', 'nginx', old),
    pod('b', 'nginx', old),
    pod('c', 'quay.io/team/app:1', old),
    pod('d', 'my-registry.local/library/nginx'),
    pod('e', 'quay.io/team/app:1', { ...old, namespace: 'legacy' }),
    pod('f', 'quay.io/team/app:1', old, { phase: 'Succeeded' }),
    pod('g', 'quay.io/team/app:1', { ...old, annotations: { 'kubernetes.io/config.mirror': 'x' } }),
    pod('h', 'quay.io/team/app:1', { ...old, namespace: 'kube-system' }),
  ];
  const row = examine(runningImagesAllowed, { ...world, pods });
  assert.deepEqual(verdicts(row), [
    'image-would-be-rejected error certain',
    'image-would-be-rewritten warning certain',
  ]);
  const [rejected, rewritten] = row.findings;
  assert.deepEqual(
    rewritten?.objects.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.ok(rewritten.remedy.includes('$ kubectl -n shop get pod a -o yaml | kubectl replace --force -f -'));
  const rule = '{"sourcePrefix":"quay.io/team","targetPrefix":"my-registry.local/team"}';
  assert.ok(
    rejected?.remedy.includes(
      `$ kubectl patch airgappolicy default --type=json -p '[{"op":"add","path":"/spec/mirrors/-","value":${rule}}]'`,
    ),
  );
});

test('in the mode Audit it is the preview: warnings, and nothing to make anew', () => {
  const row = examine(runningImagesAllowed, {
    ...world,
    airgappolicies: [policy('default', { mode: 'Audit' })],
    pods: [pod('a', 'nginx'), pod('c', 'quay.io/team/app:1')],
  });
  assert.deepEqual(
    row.findings.map(({ severity }) => severity),
    ['warning', 'warning'],
  );
  assert.ok(!row.findings.some(({ remedy }) => remedy.some((line) => line.includes('replace --force'))));
});

test('the command fits what makes the pod', () => {
  const made = (kind: string, name: string, labels: object = {}): string | undefined => {
    const meta = { creationTimestamp: '2025-01-01T00:00:00Z', labels, ownerReferences: [{ kind, name, uid: 'u' }] };
    return examine(runningImagesAllowed, { ...world, pods: [pod('p', 'nginx', meta)] }).findings[0]?.remedy.at(-1);
  };
  assert.equal(
    made('ReplicaSet', 'web-5d8', { 'pod-template-hash': '5d8' }),
    '$ kubectl -n shop rollout restart deployment web',
  );
  assert.equal(made('DaemonSet', 'agent'), '$ kubectl -n shop rollout restart daemonset agent');
  assert.equal(made('Job', 'once'), '$ kubectl -n shop delete pod p');
});

test('a pod that is younger than policy and webhook and was not touched slipped past it', () => {
  const slipped = (raws: Raws): string[] =>
    verdicts(examine(noPodSlipped, { ...world, pods: [pod('a', 'nginx')], ...raws }));
  assert.deepEqual(slipped({}), ['rewrite-missed error likely']);
  assert.deepEqual(running({ pods: [pod('a', 'nginx')] }), []);
  const changed = { airgappolicies: [policy('default', {}, { generation: 3 })] };
  assert.deepEqual(slipped(changed), ['rewrite-missed warning guess']);
  for (const meta of [
    { creationTimestamp: '2026-01-15T00:00:00Z' },
    { annotations: { 'airgap.dev/original-images': '{}' } },
    { namespace: 'legacy' },
  ])
    assert.deepEqual(slipped({ pods: [pod('a', 'nginx', meta)] }), []);
  assert.deepEqual(slipped({ airgappolicies: [policy('default', { mode: 'Warn' })] }), []);
  assert.deepEqual(slipped(mutating({ objectSelector: { matchLabels: { a: 'b' } } })), []);
  // Our own conditions leave out what is exempt or right; anybody else's may explain it.
  const condition = (name: string): Raws => mutating({ matchConditions: [{ name, expression: 'false' }] });
  for (const own of ['not-exempt.airgap.dev', 'something-to-judge.airgap.dev'])
    assert.deepEqual(slipped(condition(own)), ['rewrite-missed error likely']);
  assert.deepEqual(slipped(condition('weekdays')), []);
});

test('replicas that became ready only later make it likely, whatever happened to the policy', () => {
  const since = (time: string): Raws => ({
    airgappolicies: [policy('default', {}, { generation: 3 })],
    services: [{ metadata: { namespace: 'airgap-system', name: 'airgap-webhook' }, spec: { selector: { app: 'w' } } }],
    pods: [
      pod('a', 'nginx'),
      {
        metadata: { namespace: 'airgap-system', name: 'w', labels: { app: 'w' } },
        status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }] },
      },
    ],
  });
  const run = (time: string): string[] => verdicts(examine(noPodSlipped, { ...world, ...since(time) }));
  assert.deepEqual(run('2026-03-02T00:00:00Z'), ['rewrite-missed error likely']);
  assert.deepEqual(run('2026-02-02T00:00:00Z'), ['rewrite-missed warning guess']);
});

test('what may not be read is unknown, and no reason is made up for it', () => {
  const gap = { why: 'forbidden', reason: 'you may not list it' } as const;
  const blind = { mutatingwebhookconfigurations: gap };
  const pods = [pod('a', 'nginx')];
  const without = { ...world, mutatingwebhookconfigurations: [] };
  assert.equal(examine(noPodSlipped, { ...without, pods }, blind).result, 'unknown');
  assert.equal(examine(policiesEnforced, without, blind).result, 'unknown');
  assert.match(
    examine(runningImagesAllowed, { ...without, pods }, blind).findings[0]?.summary ?? '',
    /it cannot be seen here why$/,
  );
  assert.equal(
    examine(policiesInForce, {}, { airgappolicies: { why: 'absent', reason: 'not served' } }).result,
    'skipped',
  );
});

/** The CEL form of a policy as the cluster holds it, by kind. */
function celOf(
  raw: object,
  change: (object: KubernetesObject) => KubernetesObject | null = (one) => one,
  options: CelOptions = {},
): Raws {
  const loaded = readPolicy(raw);
  assert.ok(loaded.ok);
  const objects = celObjects([loaded.value], options).flatMap((object) => change(object) ?? []);
  const byKind = Object.groupBy(objects, ({ kind }) => resourceOf(kind));
  return Object.fromEntries(
    Object.entries(byKind).map(([kind, list = []]) => [
      kind,
      list.map(({ metadata, spec }) => ({
        metadata: { ...metadata, creationTimestamp: '2026-02-01T00:00:00Z', uid: 'x' },
        spec,
      })),
    ]),
  );
}

const resourceOf = (kind: string): string =>
  `${kind.toLowerCase().replace(/policy$/, 'policies')}${kind.endsWith('Binding') ? 's' : ''}`;

test('CEL objects enforce the policy that they were made from, and no other', () => {
  assert.deepEqual(verdicts(examine(policiesEnforced, { ...inForce, ...celOf(policy()) })), []);
  const other = { airgappolicies: [policy('other')] };
  assert.deepEqual(verdicts(examine(policiesEnforced, { ...other, ...celOf(policy()) })), [
    'policy-not-enforced error certain',
  ]);
  const unbound = celOf(policy(), (object) => (object.kind.endsWith('Binding') ? null : object));
  assert.deepEqual(verdicts(examine(policiesEnforced, { ...inForce, ...unbound })), [
    'policy-not-enforced error certain',
  ]);
  const blind = { mutatingadmissionpolicies: { why: 'forbidden', reason: 'you may not' } } as const;
  assert.equal(examine(policiesEnforced, inForce, blind).result, 'unknown');
});

test('CEL objects of an earlier policy, changed by hand, or left over', () => {
  const run = (raws: Raws) => examine(celAgrees, { ...inForce, ...raws });
  assert.deepEqual(verdicts(run(celOf(policy()))), []);
  assert.deepEqual(verdicts(run({})), []);
  const earlier = run(celOf(policy('default', { mode: 'Warn' })));
  assert.deepEqual(verdicts(earlier), ['cel-drift error certain']);
  assert.ok(earlier.findings[0]?.remedy.includes('$ kubectl airgap export --to cel | kubectl apply -f -'));
  const without = run(celOf(policy(), (object) => (object.kind === 'MutatingAdmissionPolicyBinding' ? null : object)));
  assert.match(without.findings[0]?.summary ?? '', /\(1 missing\)/);
  const left = examine(celAgrees, celOf(policy('old.one')));
  assert.ok(left.findings[0]?.remedy.includes('$ kubectl delete mutatingadmissionpolicy old.one.rewrite.airgap.dev'));
});

test('held against a file that is not in force, CEL objects and selectors are told by it', () => {
  const file = { policyFile: 'site policy.yaml' };
  const unapplied = { airgappolicies: [policy('default', {}, { uid: '', generation: 0 })] };
  const [drift] = examine(
    celAgrees,
    { ...unapplied, ...celOf(policy('default', { mode: 'Warn' })) },
    {},
    file,
  ).findings;
  assert.equal(drift?.severity, 'warning');
  assert.match(drift.summary, /^the admission policies in CEL are not those that site policy\.yaml makes/);
  assert.ok(drift.remedy.includes("$ kubectl airgap export --to cel --policy 'site policy.yaml' | kubectl apply -f -"));
  const optedOut = mutating({ namespaceSelector: { matchExpressions: [{ key: 'o', operator: 'DoesNotExist' }] } });
  const [left] = examine(
    namespacesCovered,
    { ...validating(), ...optedOut, ...unapplied, namespaces: [namespace('wild', { o: 'y' })] },
    {},
    file,
  ).findings;
  assert.ok(left?.remedy.includes('  - {namespaces: [wild], reason: WHY}'));
  assert.ok(!left?.remedy.some((line) => line.includes('airgappolicy')));
});

test('CEL objects that were installed are made again by the same engine', () => {
  const leftOut = ['kube-system', 'airgap-system'];
  const earlier = policy('default', { mode: 'Warn' });
  const command = (options: CelOptions, raws: Raws = {}): string | undefined =>
    examine(celAgrees, { ...inForce, ...raws, ...celOf(earlier, (one) => one, options) }).findings[0]?.remedy[1];
  assert.equal(command({ leftOut }), '$ kubectl airgap install --engine cel -n airgap-system');
  assert.equal(
    command({ leftOut, parts: 'validate' }, mutating()),
    `$ kubectl airgap install --engine both -n airgap-system --image my-registry.local/airgap-webhook:${release}`,
  );
  const validated = celOf(policy(), (one) => one, { leftOut, parts: 'validate' });
  assert.deepEqual(verdicts(examine(celAgrees, { ...inForce, ...mutating(), ...validated })), []);
});

test('under a policy in CEL a pod that was not rewritten is no sign of an outage', () => {
  const raws = { ...inForce, ...celOf(policy()), namespaces: [namespace('shop')], pods: [pod('a', 'nginx')] };
  assert.deepEqual(verdicts(examine(noPodSlipped, raws)), []);
  const [finding] = examine(runningImagesAllowed, raws).findings;
  assert.match(
    finding?.summary ?? '',
    /the MutatingAdmissionPolicy default\.rewrite\.airgap\.dev covers it, so the policy was another one/,
  );
});
