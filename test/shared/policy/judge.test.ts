import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type Change } from '../../../shared/policy/judge.ts';
import { namespaceNamed } from '../../../shared/policy/namespace.ts';
import { applyPatch } from './apply-patch.ts';
import { modes, policyWith } from './policies.ts';

const pod = (spec: object, metadata: object = {}): object => ({ metadata: { name: 'p', ...metadata }, spec });
const container = (image: string, name = 'app'): object => ({ name, image });

function change(object: unknown, more: Partial<Change> = {}): Change {
  const namespace = namespaceNamed('team');
  const kind = { group: '', kind: 'Pod', subResource: '', operation: 'CREATE' };
  return { ...kind, namespace, object, oldObject: null, ...more };
}

const enforce = policyWith();

test('all four places of a pod are rewritten, the annotation and the pull secret are added, nothing else changes', () => {
  const before = pod({
    containers: [container('nginx:1.27'), container('my-registry.local/x', 'side')],
    initContainers: [container('quay.io/a/b', 'init')],
    ephemeralContainers: [container('busybox', 'debug')],
    volumes: [
      { name: 'data', image: { reference: 'quay.io/d:1', pullPolicy: 'Always' } },
      { name: 'e', emptyDir: {} },
    ],
    fieldOfTomorrow: { kept: true },
  });
  const { patch, rejection, warnings } = judge(enforce, change(before), 'mutate');
  assert.equal(rejection, null);
  assert.deepEqual(warnings, []);
  assert.deepEqual(applyPatch(before, patch), {
    metadata: {
      name: 'p',
      annotations: {
        'airgap.dev/original-images': JSON.stringify({
          'containers/app': 'nginx:1.27',
          'initContainers/init': 'quay.io/a/b',
          'ephemeralContainers/debug': 'busybox',
          'volumes/data': 'quay.io/d:1',
        }),
      },
    },
    spec: {
      containers: [container('my-registry.local/library/nginx:1.27'), container('my-registry.local/x', 'side')],
      initContainers: [container('my-registry.local/quay/a/b', 'init')],
      ephemeralContainers: [container('my-registry.local/library/busybox', 'debug')],
      volumes: [
        { name: 'data', image: { reference: 'my-registry.local/quay/d:1', pullPolicy: 'Always' } },
        { name: 'e', emptyDir: {} },
      ],
      fieldOfTomorrow: { kept: true },
      imagePullSecrets: [{ name: 'internal-registry' }],
    },
  });
});

test('the pull secret is appended once, on creation only, and other annotations stay', () => {
  const spec = { containers: [container('nginx')], imagePullSecrets: [{ name: 'own' }] };
  const before = pod(spec, { annotations: { a: 'b' } });
  const first = judge(enforce, change(before), 'mutate').patch;
  assert.deepEqual(
    first.map(({ op, path }) => `${op} ${path}`),
    [
      'replace /spec/containers/0/image',
      'add /metadata/annotations/airgap.dev~1original-images',
      'add /spec/imagePullSecrets/-',
    ],
  );
  assert.deepEqual(judge(enforce, change(applyPatch(before, first)), 'mutate').patch, []);
  const update = change(pod({ containers: [container('nginx:2')] }), { operation: 'UPDATE', oldObject: before });
  assert.ok(judge(enforce, update, 'mutate').patch.every(({ path }) => !path.includes('imagePullSecrets')));
});

test('on an update only images that changed in their place are judged', () => {
  const oldObject = pod({ containers: [container('evil.io/x'), container('nginx', 'web')] });
  const same = change(oldObject, { operation: 'UPDATE', oldObject });
  assert.deepEqual(judge(enforce, same, 'validate').images, []);
  assert.deepEqual(judge(enforce, same, 'mutate').patch, []);
  const moved = pod({ containers: [container('nginx', 'web'), container('evil.io/x')] });
  assert.equal(judge(enforce, change(moved, { operation: 'UPDATE', oldObject }), 'validate').rejection, null);
  const swapped = pod({ containers: [container('evil.io/x', 'web'), container('evil.io/x')] });
  const judged = judge(enforce, change(swapped, { operation: 'UPDATE', oldObject }), 'validate');
  assert.match(judged.rejection ?? '', /rejects this Pod: container web: evil\.io\/x: no mirror covers it/);
});

test('the ephemeralcontainers subresource is rewritten without the annotation that it would drop', () => {
  const oldObject = pod({ containers: [container('nginx')] });
  const object = pod({ containers: [container('nginx')], ephemeralContainers: [container('busybox', 'debug')] });
  const debug = change(object, { operation: 'UPDATE', subResource: 'ephemeralcontainers', oldObject });
  assert.deepEqual(judge(enforce, debug, 'mutate').patch, [
    { op: 'replace', path: '/spec/ephemeralContainers/0/image', value: 'my-registry.local/library/busybox' },
  ]);
});

test('what carries no image or may not be touched passes', () => {
  const evil = pod({ containers: [container('evil.io/x')] });
  const mirror = pod({ containers: [container('evil.io/x')] }, { annotations: { 'kubernetes.io/config.mirror': 'h' } });
  const passed = (object: unknown, more: Partial<Change>): string | null =>
    judge(enforce, change(object, more), 'validate').passed;
  assert.equal(passed(mirror, {}), 'mirror-pod');
  assert.equal(passed(evil, { operation: 'DELETE' }), 'operation');
  assert.equal(passed(evil, { operation: 'CONNECT', subResource: 'exec' }), 'operation');
  assert.equal(passed(evil, { operation: 'UPDATE', subResource: 'status' }), 'subresource');
  assert.equal(passed(evil, { kind: 'ConfigMap' }), 'no-images');
  assert.equal(judge(null, change(evil), 'validate').passed, 'no-policy');
});

test('the validating webhook rejects what arrives unrewritten in a pod, and accepts it in a template', () => {
  const spec = { containers: [container('nginx')] };
  const { rejection } = judge(enforce, change(pod(spec)), 'validate');
  assert.match(
    rejection ?? '',
    /the rule for docker\.io\/library makes it my-registry\.local\/library\/nginx, but it arrived unrewritten/,
  );
  const deployment = { group: 'apps', kind: 'Deployment' };
  const object = { spec: { template: { spec } } };
  assert.equal(judge(enforce, change(object, deployment), 'validate').rejection, null);
  assert.deepEqual(judge(enforce, change(object, deployment), 'mutate').patch, []);
});

const templates: readonly (readonly [group: string, kind: string, wrap: (spec: object) => object])[] = [
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map(
    (kind) => ['apps', kind, (spec: object) => ({ spec: { template: { spec } } })] as const,
  ),
  ['batch', 'Job', (spec) => ({ spec: { template: { spec } } })],
  ['', 'ReplicationController', (spec) => ({ spec: { template: { spec } } })],
  ['batch', 'CronJob', (spec) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } })],
  ['', 'PodTemplate', (spec) => ({ template: { spec } })],
];

for (const [group, kind, wrap] of templates)
  test(`an external image of a ${kind} is rejected in every place`, () => {
    for (const list of ['containers', 'initContainers']) {
      const judged = judge(enforce, change(wrap({ [list]: [container('evil.io/x')] }), { group, kind }), 'validate');
      assert.match(judged.rejection ?? '', new RegExp(`rejects this ${kind}: .*container app: evil.io/x`));
    }
    const volumes = wrap({ volumes: [{ name: 'v', image: { reference: 'evil.io/x' } }] });
    assert.match(judge(enforce, change(volumes, { group, kind }), 'validate').rejection ?? '', /volume v: evil\.io\/x/);
  });

test('custom resources are judged where the policy says their images sit', () => {
  const policy = policyWith({
    customResources: [{ group: 'x.io', kind: 'Thing', paths: ['spec.image', 'spec.parts[*].image'] }],
  });
  const object = { spec: { image: 'nginx', parts: [{ image: 'a.b/x' }, { other: 1 }, { image: 'evil.io/y' }] } };
  const judged = judge(policy, change(object, { group: 'x.io', kind: 'Thing' }), 'validate');
  assert.match(judged.rejection ?? '', /spec\.parts\.0\.image: a\.b\/x: .*; spec\.parts\.2\.image: evil\.io\/y/);
  assert.equal(judged.images.length, 3);
});

test('modes go from counting to rejecting', () => {
  const object = pod({ containers: [container('nginx'), container('evil.io/x', 'side')] });
  const seen = modes.map((mode) => {
    const policy = policyWith({ mode });
    const mutate = judge(policy, change(object), 'mutate');
    const validate = judge(policy, change(applyPatch(object, mutate.patch)), 'validate');
    return [
      mode,
      mutate.patch.length > 0,
      mutate.warnings.length,
      validate.warnings.length,
      validate.rejection !== null,
    ];
  });
  assert.deepEqual(seen, [
    ['Audit', false, 0, 0, false],
    ['Warn', false, 2, 2, false],
    ['Rewrite', true, 2, 1, false],
    ['Enforce', true, 0, 0, true],
  ]);
});

test('an exempt namespace keeps its images, and the user is told why', () => {
  const system = change(pod({ containers: [container('evil.io/x'), container('my-registry.local/y', 'ok')] }), {
    namespace: namespaceNamed('kube-system'),
  });
  const judged = judge(enforce, system, 'validate');
  assert.equal(judged.rejection, null);
  assert.equal(judged.exempt, 'bootstrap');
  assert.deepEqual(judged.warnings, [
    'airgap policy default: container app keeps evil.io/x: namespace kube-system is exempt (bootstrap)',
  ]);
});

test('no warning holds a control character, for the API server would drop it', () => {
  const exemptions = [{ namespaces: ['kube-system'], reason: 'moves\nin\u009bMay\n' }];
  const object = pod({ containers: [container('evil.io/x\u0085', 'a\nb')] });
  const warned = (['Warn', 'Enforce'] as const).flatMap((mode) => [
    ...judge(policyWith({ mode, exemptions }), change(object, { namespace: namespaceNamed('kube-system') }), 'validate')
      .warnings,
    ...judge(policyWith({ mode }), change(object), 'validate').warnings,
  ]);
  assert.equal(warned.length, 3);
  assert.match(warned[0] ?? '', /container a b keeps .*is exempt \(moves in\\u009bMay\)$/);
  for (const warning of warned) assert.doesNotMatch(warning, /\p{Cc}/u);
});

test('a rejection with many images names the first few and counts the rest', () => {
  const containers = Array.from({ length: 30 }, (_, index) => container(`evil.io/x${index}`, `c${index}`));
  const { rejection } = judge(enforce, change(pod({ containers })), 'validate');
  assert.match(rejection ?? '', /container c4: .*; and 25 more$/);
});
