import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { freePorts } from '../ports.ts';
import { install, namespace, startReplica, until } from './webhook-process.ts';

const policy = (name: string, spec: object = {}) => ({
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'AirgapPolicy',
  metadata: { name },
  spec: {
    mode: 'Enforce',
    mirrors: [{ sourcePrefix: 'docker.io/library', targetPrefix: 'my-registry.local/library' }],
    allowedPrefixes: ['my-registry.local'],
    imagePullSecrets: ['internal-registry'],
    exemptions: [{ namespaces: ['free'], reason: 'a test' }],
    ...spec,
  },
});
const pod = (image: string, name = 'p', extra: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app', image }], ...extra },
});

interface Answer {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly spec: {
      containers: { image: string }[];
      imagePullSecrets?: { name: string }[];
      volumes?: { image?: { reference: string } }[];
    };
    readonly metadata: { annotations?: Record<string, string> };
  };
}

async function create(
  cluster: ControlPlaneCluster,
  object: object,
  where = 'default',
  kind = 'api/v1',
  plural = 'pods',
  dryRun = true,
): Promise<Answer> {
  const query = dryRun ? '?dryRun=All' : '';
  const { status, text } = await cluster.api.raw('POST', `/${kind}/namespaces/${where}/${plural}${query}`, object);
  return { status, body: JSON.parse(text) as Answer['body'] };
}

/** A definition of any custom resource. */
const definition = (group: string, kind: string, plural: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, plural },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});
const custom = (group: string, kind: string, spec: object) => ({
  apiVersion: `${group}/v1`,
  kind,
  metadata: { name: 'one' },
  spec,
});

/** The match conditions that the webhook keeps. */
function conditions(cluster: ControlPlaneCluster): Promise<string> {
  const configuration = ['get', 'validatingwebhookconfiguration', 'airgap-webhook', '-o'];
  return cluster.kubectl([...configuration, 'jsonpath={.webhooks[*].matchConditions}']);
}

async function ready(
  cluster: ControlPlaneCluster,
  name: string,
): Promise<{ status: string; reason: string; message: string }> {
  const object = await cluster.api.get<{
    status?: { conditions?: { status: string; reason: string; message: string }[] };
  }>(`/apis/airgap.dev/v1alpha1/airgappolicies/${name}`);
  return object.status?.conditions?.[0] ?? { status: '', reason: '', message: '' };
}

test('the webhook in a real API server: rewrites, rejects, reports, and renews its certificate under load', async (t) => {
  await using cluster = await startControlPlane();
  const [port = 0] = await freePorts(1);
  await install(cluster, port);
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'free' } }, policy('default'));
  // The two share the port by turns: the first serves, the second stands by with its own.
  await using first = await startReplica(cluster, 'first', port);
  await first.logged('policies read');
  await until('the webhook to answer', async () => (await create(cluster, pod('nginx'))).status === 201);

  await t.test(
    'a pod is rewritten in every place, gets the pull secret once, and keeps what no client knows',
    async () => {
      const volumes = [{ name: 'data', image: { reference: 'redis:7' } }];
      const { status, body } = await create(cluster, pod('nginx:1.27', 'p', { volumes }));
      assert.equal(status, 201, String(body.message));
      assert.equal(body.spec.containers[0]?.image, 'my-registry.local/library/nginx:1.27');
      assert.equal(body.spec.volumes?.[0]?.image?.reference, 'my-registry.local/library/redis:7');
      assert.deepEqual(body.spec.imagePullSecrets, [{ name: 'internal-registry' }]);
      assert.equal(
        body.metadata.annotations?.['airgap.dev/original-images'],
        '{"containers/app":"nginx:1.27","volumes/data":"redis:7"}',
      );
    },
  );

  await t.test('an external image is turned away, in a pod and in a Deployment, with what would help', async () => {
    const rejected = await create(cluster, pod('quay.io/a/b:1'));
    assert.equal(rejected.status, 403);
    assert.match(
      rejected.body.message ?? '',
      /airgap policy default rejects this Pod: container app: quay\.io\/a\/b:1: no mirror covers it .*sourcePrefix quay\.io\/a/,
    );
    const template = {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'app', image: 'quay.io/a/b' }] },
    };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    };
    const turned = await create(cluster, deployment, 'default', 'apis/apps/v1', 'deployments');
    assert.match(turned.body.message ?? '', /rejects this Deployment/);
  });

  await t.test('an exempt namespace is left alone', async () => {
    const { body } = await create(cluster, pod('quay.io/a/b:1'), 'free');
    assert.equal(body.spec.containers[0]?.image, 'quay.io/a/b:1');
    await until('users of exempt namespaces to be warned', async () =>
      (await conditions(cluster)).includes("request.namespace in ['free']"),
    );
    const warned = async (): Promise<string> =>
      cluster
        .kubectl([
          'create',
          'deployment',
          'd',
          '--image=quay.io/a/b',
          '-n',
          'free',
          '--dry-run=server',
          '--warnings-as-errors',
        ])
        .then(() => 'no warning', String);
    await until('the warning', async () =>
      /keeps quay\.io\/a\/b: namespace free is exempt \(a test\)/.test(await warned()),
    );
  });

  await t.test('kubectl debug and kubectl set image are rewritten too', async () => {
    const { status } = await create(cluster, pod('my-registry.local/x', 'live'), 'default', 'api/v1', 'pods', false);
    assert.equal(status, 201);
    await cluster.kubectl([
      'debug',
      'live',
      '--image=busybox',
      '--container=dbg',
      '--attach=false',
      '-q',
      '--profile=general',
    ]);
    await cluster.kubectl(['set', 'image', 'pod/live', 'app=nginx:1.28']);
    const images = await cluster.kubectl([
      'get',
      'pod',
      'live',
      '-o',
      'jsonpath={.spec.containers[0].image} {.spec.ephemeralContainers[0].image}',
    ]);
    assert.equal(images.trim(), 'my-registry.local/library/nginx:1.28 my-registry.local/library/busybox');
  });

  await t.test(
    'a policy that would go in circles or contradicts itself is refused by the API server already',
    async () => {
      const bad = async (spec: object): Promise<string> =>
        cluster.api.apply(policy('bad', spec)).then(() => 'accepted', String);
      assert.match(
        await bad({ mirrors: [{ sourcePrefix: 'a.b', targetPrefix: 'a.b/c' }] }),
        /would be rewritten again/,
      );
      assert.match(
        await bad({
          mirrors: [
            { sourcePrefix: 'a.b', targetPrefix: 'c.d' },
            { sourcePrefix: 'c.d', targetPrefix: 'e.f' },
          ],
        }),
        /would be rewritten again/,
      );
      assert.match(
        await bad({ mirrors: [{ sourcePrefix: 'library/nginx', targetPrefix: 'c.d' }] }),
        /begins with a registry host/,
      );
      assert.match(
        await bad({
          mirrors: [
            { sourcePrefix: 'a.b', targetPrefix: 'c.d' },
            { sourcePrefix: 'c.d/e', targetPrefix: 'f.g' },
          ],
        }),
        /would be rewritten again/,
      );
      assert.match(
        await bad({
          mirrors: [
            { sourcePrefix: 'docker.io', targetPrefix: 'c.d' },
            { sourcePrefix: 'index.docker.io', targetPrefix: 'e.f' },
          ],
        }),
        /index\.docker\.io is docker\.io/,
      );
      assert.match(await bad({ namespaceSelector: { matchLabels: { 'a b': 'c' } } }), /a label is NAME or PREFIX/);
      assert.match(
        await bad({ namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }),
        /need at least one value/,
      );
      assert.match(await bad({ mode: 'enforce' }), /Unsupported value/);
      assert.match(await bad({ exemptions: [{ namespaces: ['a'], reason: ' ' }] }), /reason/);
      assert.match(await bad({ allowedPrefixes: ['docker.io/library'] }), /either rewritten or allowed/);
    },
  );

  await t.test('status says what is in force, what does not load and what conflicts', async () => {
    await until('InForce', async () => (await ready(cluster, 'default')).reason === 'InForce');
    // A target above another source, with a rule that could come between and does not, is found by the webhook only.
    await cluster.api.apply(
      policy('second'),
      policy('subtle', {
        namespaceSelector: { matchLabels: { a: 'b' } },
        mirrors: [
          { sourcePrefix: 'docker.io', targetPrefix: 'r.local/m' },
          { sourcePrefix: 'docker.io/new', targetPrefix: 'r.local/new' },
          { sourcePrefix: 'r.local/m/old', targetPrefix: 'r.local/new' },
        ],
      }),
    );
    await until('Conflict', async () => (await ready(cluster, 'second')).reason === 'Conflict');
    assert.match((await ready(cluster, 'second')).message, /older policy default applies instead/);
    await until('Invalid', async () => (await ready(cluster, 'subtle')).reason === 'Invalid');
    assert.match((await ready(cluster, 'subtle')).message, /spec\.mirrors\[0\]\.targetPrefix: .*rewritten again/);
    for (const name of ['second', 'subtle'])
      await cluster.api.delete(`/apis/airgap.dev/v1alpha1/airgappolicies/${name}`);
  });

  await t.test(
    'one of two replicas writes, and no admission fails while the certificate and its authority change',
    async () => {
      await using second = await startReplica(cluster, 'second');
      await second.logged('policies read');
      const done = new AbortController();
      const seen = { created: 0, failed: [] as string[] };
      const load = async (): Promise<void> => {
        while (!done.signal.aborted) {
          const { status, body } = await create(cluster, pod('nginx'));
          if (status === 201 && body.spec.containers[0]?.image.startsWith('my-registry.local/') === true)
            seen.created += 1;
          else seen.failed.push(body.message ?? 'unrewritten');
        }
      };
      const running = load();
      const secret = `/api/v1/namespaces/${namespace}/secrets/airgap-webhook-tls`;
      const uidOf = async (): Promise<string> => {
        const { status, text } = await cluster.api.raw('GET', secret);
        return status === 200 ? (JSON.parse(text) as { metadata: { uid: string } }).metadata.uid : '';
      };
      for (let round = 0; round < 2; round += 1) {
        const before = await uidOf();
        const replaced = first.log.filter(({ message }) => message === 'certificate replaced').length;
        await cluster.api.delete(secret);
        await until('a new Secret', async () => !['', before].includes(await uidOf()));
        await until('the new certificate to be served', () =>
          Promise.resolve(first.log.filter(({ message }) => message === 'certificate replaced').length > replaced),
        );
      }
      done.abort();
      await running;
      assert.deepEqual(seen.failed, []);
      assert.ok(seen.created > 20, `${seen.created} pods were admitted`);
      const made = [...first.log, ...second.log].filter(
        ({ message }) => message === 'made a new authority and certificate',
      );
      assert.equal(made.length, 3);
    },
  );

  await t.test(
    'an owner that recreates a rewritten pod again and again gets an Event that says what ends it',
    async () => {
      await cluster.kubectl(['create', 'configmap', 'operator']);
      const uid = (await cluster.kubectl(['get', 'configmap', 'operator', '-o', 'jsonpath={.metadata.uid}'])).trim();
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'operator', uid, controller: true }];
      const fought = { ...pod('nginx'), metadata: { name: 'fought', ownerReferences } };
      for (let round = 0; round < 3; round += 1) {
        assert.equal((await create(cluster, fought, 'default', 'api/v1', 'pods', false)).status, 201);
        await cluster.kubectl(['delete', 'pod', 'fought', '--grace-period=0', '--force', '--wait=true']);
      }
      await first.logged('an owner keeps recreating a pod');
      const reasons = (): Promise<string> =>
        cluster.kubectl(['get', 'events', '-o', 'jsonpath={range .items[*]}{.reason} {.message}{end}']);
      await until('the Event', async () => (await reasons()).includes('ImageRewriteLoop'));
      assert.match(await reasons(), /created 3 times .* spec\.exemptions of AirgapPolicy default/);
    },
  );

  await t.test('a changed policy is in force at once, and a deleted one no longer', async () => {
    await cluster.api.apply(policy('default', { mode: 'Warn' }));
    await until('Warn', async () => (await create(cluster, pod('nginx'))).body.spec.containers[0]?.image === 'nginx');
    await cluster.api.delete('/apis/airgap.dev/v1alpha1/airgappolicies/default');
    await until('no policy', async () => (await create(cluster, pod('quay.io/a/b'))).status === 201);
  });

  await t.test('a stricter policy is in force for what the API server no longer asked about', async () => {
    await cluster.api.apply(policy('default', { allowedPrefixes: ['other.local'] }));
    await until('other.local to be plainly right', async () => /other\\+\.local/.test(await conditions(cluster)));
    assert.equal((await create(cluster, pod('other.local/a:1'))).status, 201);
    await cluster.api.apply(policy('default', { mirrors: [], allowedPrefixes: ['my-registry.local'] }));
    await until('the policy to be in force', async () => {
      const { metadata, status } = await cluster.api.get<{
        metadata: { generation: number };
        status?: { conditions?: { observedGeneration?: number }[] };
      }>('/apis/airgap.dev/v1alpha1/airgappolicies/default');
      return status?.conditions?.[0]?.observedGeneration === metadata.generation;
    });
    assert.equal((await create(cluster, pod('other.local/a:1'))).status, 403);
  });

  await t.test(
    'a custom resource is judged where the table of kinds or the policy says that it holds images',
    async () => {
      await cluster.api.apply(
        definition('postgresql.cnpg.io', 'Cluster', 'clusters'),
        definition('example.com', 'Thing', 'things'),
        definition('example.com', 'Other', 'others'),
        policy('default', {
          customResources: [{ group: 'example.com', kind: 'Thing', paths: ['spec.parts[*].picture'] }],
        }),
      );
      const database = (imageName: string): object => custom('postgresql.cnpg.io', 'Cluster', { imageName });
      const thing = (picture: string): object => custom('example.com', 'Thing', { parts: [{ picture }] });
      const answer = async (object: object, group: string, plural: string): Promise<string> => {
        const { status, body } = await create(cluster, object, 'default', `apis/${group}/v1`, plural);
        return `${status} ${body.message ?? ''}`;
      };
      await until('the custom resources to be judged', async () =>
        (await answer(thing('quay.io/a/b'), 'example.com', 'things')).startsWith('403'),
      );
      assert.match(
        await answer(thing('quay.io/a/b'), 'example.com', 'things'),
        /rejects this Thing: spec\.parts\.0\.picture: quay\.io\/a\/b: no mirror covers it/,
      );
      assert.match(
        await answer(database('quay.io/a/b'), 'postgresql.cnpg.io', 'clusters'),
        /^403 .*rejects this Cluster/,
      );
      for (const image of ['nginx', 'my-registry.local/a'])
        assert.match(await answer(thing(image), 'example.com', 'things'), /^201/);
      assert.match(await answer(database('my-registry.local/a'), 'postgresql.cnpg.io', 'clusters'), /^201/);
      const other = custom('example.com', 'Other', { parts: [{ picture: 'quay.io/a/b' }] });
      assert.match(await answer(other, 'example.com', 'others'), /^201/);
    },
  );

  await t.test(
    'while no replica answers, an exempt namespace works and no other lets an external image in',
    async () => {
      await cluster.api.apply(policy('default'));
      await until('the exempt namespace to be left out', async () => (await conditions(cluster)).includes("['free']"));
      await first[Symbol.asyncDispose]();
      assert.equal((await create(cluster, pod('quay.io/a/b:1'), 'free')).status, 201);
      assert.match((await create(cluster, pod('quay.io/a/b:1'))).body.message ?? '', /failed calling webhook/);
      assert.match((await create(cluster, pod('nginx'))).body.message ?? '', /failed calling webhook/);
      // Nothing has to be asked about what the policy allows as it is written, with the pull secret that it appends.
      const right = { imagePullSecrets: [{ name: 'internal-registry' }] };
      assert.equal((await create(cluster, pod('my-registry.local/library/nginx', 'p', right))).status, 201);
      const lacking = await create(cluster, pod('my-registry.local/library/nginx'));
      assert.match(lacking.body.message ?? '', /failed calling webhook/);
      const other = custom('example.com', 'Other', {});
      assert.equal((await create(cluster, other, 'default', 'apis/example.com/v1', 'others')).status, 201);
    },
  );
});
