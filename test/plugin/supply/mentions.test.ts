import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findMentions } from '../../../plugin/supply/mentions.ts';
import { record } from '../../../shared/kube/json.ts';

const found = (object: unknown): string[] =>
  findMentions(record(object)).map(({ via, field, image }) => `${via} ${field} ${image}`);

test('a workload names images in every kind of container and in image volumes', () => {
  const spec = {
    initContainers: [{ image: 'init:1' }],
    containers: [{ image: 'app:1' }, { image: 'side@sha256:x' }],
    ephemeralContainers: [{ image: 'debug' }],
    volumes: [
      { name: 'data', image: { reference: 'data:1', pullPolicy: 'Always' } },
      { name: 'e', emptyDir: {} },
    ],
  };
  assert.deepEqual(found({ kind: 'Deployment', spec: { template: { spec } } }), [
    'field spec.template.spec.initContainers[0].image init:1',
    'field spec.template.spec.containers[0].image app:1',
    'field spec.template.spec.containers[1].image side@sha256:x',
    'field spec.template.spec.ephemeralContainers[0].image debug',
    'field spec.template.spec.volumes[0].image.reference data:1',
  ]);
});

test('an operator names images in its environment and its arguments', () => {
  const container = {
    image: 'quay.io/op/operator:v1',
    env: [
      { name: 'RELATED_IMAGE_DB', value: 'quay.io/op/db@sha256:' + 'a'.repeat(64) },
      { name: 'IMAGE_PULL_POLICY', value: 'Always' },
      { name: 'PATH', value: '/usr/bin:/bin' },
      { name: 'SIDECAR_IMAGE', valueFrom: {} },
    ],
    args: [
      '--prometheus-config-reloader=quay.io/op/reloader:v0.8',
      '--listen=0.0.0.0:8443',
      '--url=https://registry.example.com/v2/x:1',
      '--sidecar-image',
      'op/sidecar:2',
      '--webhook=hooks.example.com/path:8443',
      '--log-level=info',
    ],
  };
  assert.deepEqual(
    found({ kind: 'Deployment', spec: { template: { spec: { containers: [container] } } } }).map((line) =>
      line.split(' ').toSpliced(1, 1).join(' '),
    ),
    [
      'field quay.io/op/operator:v1',
      'env quay.io/op/db@sha256:' + 'a'.repeat(64),
      'args quay.io/op/reloader:v0.8',
      'args op/sidecar:2',
    ],
  );
});

test('custom resources name images as a field, and as parts', () => {
  assert.deepEqual(
    found({
      kind: 'Prometheus',
      spec: {
        image: 'quay.io/prometheus/prometheus:v3',
        thanos: { baseImage: 'quay.io/thanos/thanos' },
        alertImage: { registry: 'quay.io', repository: 'prometheus/alertmanager', tag: 'v0.28' },
        otherImage: { repository: 'UPPER', tag: 'v1' },
      },
    }),
    [
      'field spec.image quay.io/prometheus/prometheus:v3',
      'parts spec.alertImage quay.io/prometheus/alertmanager:v0.28',
    ],
  );
});

test('custom resources name images under other names: where the kind is known, a policy says so, or it is plain', () => {
  const cluster = { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', spec: { imageName: 'cnpg/postgresql' } };
  assert.deepEqual(found(cluster), ['field spec.imageName cnpg/postgresql']);
  const own = { apiVersion: 'ex.org/v1', kind: 'Runner', spec: { runner: 'team/runner:1', tasks: [{ use: 'a/b' }] } };
  assert.deepEqual(found(own), []);
  const custom = [{ group: 'ex.org', kind: 'Runner', paths: ['spec.runner', 'spec.tasks[*].use'] }];
  assert.deepEqual(
    findMentions(own, custom).map(({ field, image }) => `${field} ${image}`),
    ['spec.runner team/runner:1', 'spec.tasks[0].use a/b'],
  );
  const plain = { initImage: 'quay.io/x/init:1', baseImage: 'quay.io/x/base', pullImage: 'Always', sidecarImage: 'x' };
  assert.deepEqual(found({ kind: 'Thing', spec: plain }), ['field spec.initImage quay.io/x/init:1']);
});

test('the text of a ConfigMap names images where a key says so; templates and words are none', () => {
  const values = '{"proxy": {"image": "cr.example.com/linkerd/proxy:1.2"}, "imagePullPolicy": "IfNotPresent"}';
  const template =
    'containers:\n- image: quay.io/x/agent:1 # one\n- image: "{{ .image }}"\nimage: nginx\nname: quay.io/no:1\n';
  assert.deepEqual(found({ kind: 'ConfigMap', data: { values, template, image: 'quay.io/bare:1' } }), [
    'text data[values] cr.example.com/linkerd/proxy:1.2',
    'text data[template] quay.io/x/agent:1',
  ]);
});

test('an environment variable of any name counts where its value can only be an image', () => {
  const env = [
    { name: 'AGENT', value: 'quay.io/x/agent:1.2' },
    { name: 'ENDPOINT', value: 'otel.example.com/v1:4317' },
    { name: 'HOST', value: 'registry.example.com' },
  ];
  assert.deepEqual(found({ kind: 'Pod', spec: { containers: [{ env }] } }), [
    'env spec.containers[0].env[0].value quay.io/x/agent:1.2',
  ]);
});

test('a custom resource definition brings the default of its image field', () => {
  const image = { type: 'string', default: 'quay.io/op/db:14', description: 'image of the database' };
  const schema = { openAPIV3Schema: { properties: { spec: { properties: { image } } } } };
  assert.deepEqual(
    findMentions(record({ kind: 'CustomResourceDefinition', spec: { versions: [{ schema }] } })).map((m) => [
      m.via,
      m.image,
    ]),
    [['default', 'quay.io/op/db:14']],
  );
  const properties = { repository: { type: 'string', default: 'quay.io/op/web' }, tag: { default: 'v2' } };
  const parts = { openAPIV3Schema: { properties: { webImage: { type: 'object', properties } } } };
  assert.deepEqual(
    findMentions(record({ kind: 'CustomResourceDefinition', spec: { versions: [{ schema: parts }] } })).map((m) => [
      m.via,
      m.image,
    ]),
    [['default', 'quay.io/op/web:v2']],
  );
});

test('a node names what it holds, by tag where it has one', () => {
  const images = [
    { names: ['registry.example.com/a@sha256:1', 'registry.example.com/a:1'] },
    { names: [] },
    { names: [5] },
  ];
  assert.deepEqual(found({ kind: 'Node', status: { images } }), ['node status.images[0] registry.example.com/a:1']);
});

test('status and metadata are not needs', () => {
  assert.deepEqual(
    found({ kind: 'Pod', metadata: { image: 'a:1' }, status: { containerStatuses: [{ image: 'b:1' }] } }),
    [],
  );
});

test('no object makes it throw, and every field it names holds what it says', () => {
  const keys = ['image', 'env', 'args', 'name', 'value', 'reference', 'repository', 'tag', 'spec', 'default', 'type'];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('nginx:1', 'a.io/b:c', '--image=x:1', 'IMAGE', 'string', 3, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(value, (any) => {
      for (const mention of findMentions(record({ spec: any }))) {
        if (mention.via === 'parts' || mention.field.endsWith('.properties')) continue;
        const at = mention.field.split(/\.|\[|\]\.?/).filter((key) => key !== '');
        const held = at.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], { spec: any });
        assert.ok(String(held).endsWith(mention.image));
      }
    }),
  );
});

test('nesting without end costs nothing', () => {
  let deep: unknown = { image: 'a:1' };
  for (let i = 0; i < 100_000; i += 1) deep = { x: deep };
  assert.deepEqual(found({ spec: deep }), []);
});
