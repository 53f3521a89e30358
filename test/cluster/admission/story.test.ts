import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { applyPatch } from '../../shared/policy/apply-patch.ts';
import { patchOf, responseOf, reviewOf } from '../../webhook/reviews.ts';
import { startCluster, type NodeCluster } from '../cluster-with-node.ts';
import { waitFor } from '../processes.ts';
import { fillRegistry, imagesOf, install, kubectl, mirror, namespace, podsOf, policy } from './webhook-pods.ts';
import { workloads } from './workloads.ts';

const images = ['library/nginx:latest', 'library/nginx:1.28', 'library/busybox:latest', 'library/redis:7'];
const objects = (...items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

test("a vendor's manifests on a real node: everything runs from the mirror, and nothing else gets in", async (t) => {
  const staticPods = mkdtempSync(path.join(tmpdir(), 'airgap-static-'));
  t.after(() => rmSync(staticPods, { recursive: true }));
  await using cluster = await startCluster({ services: true, kubelet: { staticPodPath: staticPods } });
  await fillRegistry(cluster, ...images);
  await install(cluster);
  await cluster.api.apply(policy(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'exempt' } });
  await waitFor(
    'the policy is in force',
    async () => (await dryRun(cluster, 'nginx')).image === `${mirror}/library/nginx`,
  );
  const says = async (...line: string[]): Promise<string> => (await kubectl(cluster, line)).said;

  await t.test('two replicas run, unprivileged and with a root file system that they cannot write', async () => {
    const replicas = await podsOf(cluster, namespace);
    // Both on the one node that there is: the anti-affinity is a preference.
    assert.deepEqual(
      replicas.map(({ status }) => status.containerStatuses?.map(({ ready }) => ready)),
      [[true], [true]],
    );
    const look = "console.log(process.getuid()); require('fs').writeFile('/app/x', '', (e) => console.log(e.code))";
    const inside = ['exec', '-n', namespace, 'deployment/airgap-webhook', '--', 'node', '-e', look];
    assert.equal(await cluster.kubectl(inside), '65532\nEROFS\n');
  });

  await t.test('Deployment, StatefulSet, DaemonSet, Job, CronJob, init container and image volume', async () => {
    const applied = await kubectl(cluster, ['apply', '-f', '-'], objects(...workloads));
    assert.equal(applied.said, '');
    await cluster.kubectl(['create', 'job', 'now', '--from=cronjob/tick']);
    const expected = ['agent', 'bare', 'db', 'once', 'tick', 'web'];
    const settled = async (): Promise<boolean> => {
      const pods = await podsOf(cluster);
      const apps = new Set(pods.map((pod) => (pod.metadata as { labels?: { app: string } }).labels?.app));
      return (
        expected.every((app) => apps.has(app)) &&
        pods.every(({ status }) => status.phase === 'Running' || status.phase === 'Succeeded')
      );
    };
    await waitFor('all pods run or have ended well', settled);
    for (const pod of await podsOf(cluster)) {
      for (const image of imagesOf(pod)) assert.match(image, /^registry\.example\.com\/library\//, pod.metadata.name);
      for (const { imageID } of pod.status.containerStatuses ?? []) assert.match(imageID, /^registry\.example\.com\//);
    }
  });

  await t.test('templates stay as their authors wrote them, so GitOps sees no difference', async () => {
    const diff = await kubectl(
      cluster,
      ['diff', '-f', '-'],
      objects(...workloads.filter(({ kind }) => kind !== 'Pod')),
    );
    assert.deepEqual(diff, { ok: true, out: '', said: '' });
    const image = '{.spec.template.spec.containers[0].image}';
    assert.equal(await cluster.kubectl(['get', 'deployment', 'web', '-o', `jsonpath=${image}`]), 'nginx');
  });

  await t.test('kubectl debug: the ephemeral container runs from the mirror', async () => {
    const flags = ['--image=busybox', '--container=look', '--attach=false', '--quiet', '--profile=general'];
    await cluster.kubectl(['debug', 'bare', ...flags, '--', '/bin/busybox', 'sleep', '1000']);
    const state = '{.status.ephemeralContainerStatuses[0].state.running.startedAt}';
    await waitFor(
      'it runs',
      async () => (await cluster.kubectl(['get', 'pod', 'bare', '-o', `jsonpath=${state}`])) !== '',
    );
    const [bare] = await podsOf(cluster, 'default', 'app=bare');
    assert.ok(bare !== undefined && imagesOf(bare).includes(`${mirror}/library/busybox`));
  });

  await t.test('kubectl set image rolls out from the mirror', async () => {
    await cluster.kubectl(['set', 'image', 'deployment/web', 'main=nginx:1.28']);
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s']);
    const pods = await podsOf(cluster, 'default', 'app=web');
    assert.deepEqual(pods.flatMap(imagesOf), [`${mirror}/library/nginx:1.28`]);
  });

  await t.test('server-side apply, twice, and a server dry run show what will run', async () => {
    const pod = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'applied' },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'nginx' }] },
    });
    const image = 'jsonpath={.spec.containers[0].image}';
    const apply = (...flags: string[]) =>
      kubectl(cluster, ['apply', '--server-side', '-f', '-', '-o', image, ...flags], pod);
    for (const flags of [['--dry-run=server'], [], []])
      assert.deepEqual(await apply(...flags), { ok: true, out: `${mirror}/library/nginx`, said: '' }, flags.join());
  });

  await t.test(
    'an external image without a rule is turned away at the Deployment, by a message with what helps',
    async () => {
      const said = await says('create', 'deployment', 'tool', '--image=quay.io/acme/tool:3');
      assert.match(
        said,
        /airgap policy default rejects this Deployment: container tool: quay\.io\/acme\/tool:3: no mirror covers it/,
      );
      assert.match(said, /sourcePrefix quay\.io\/acme/);
      assert.doesNotMatch(said, /Error:.*at |undefined|\[object/);
      assert.match(await says('run', 'tool', '--image=quay.io/acme/tool:3'), /rejects this Pod/);
      assert.match(await says('set', 'image', 'daemonset/agent', 'main=quay.io/acme/tool:3'), /rejects this DaemonSet/);
    },
  );

  // The API server drops what it does not know before it asks a webhook, so the field is put to the webhook itself.
  await t.test('a field that no release of Kubernetes knows yet survives', async () => {
    const [replica] = await podsOf(cluster, namespace);
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default', 'fromTheFuture/~1': [{ a: null }] },
      spec: { quantum: { entangled: true }, containers: [{ name: 'main', image: 'nginx', spin: 0.5 }] },
    };
    const answer = responseOf(await post(`https://${replica?.status.podIP ?? ''}:8443/mutate`, reviewOf(object)));
    const expected = structuredClone(object) as typeof object & { metadata: { annotations?: object } };
    for (const container of expected.spec.containers) container.image = `${mirror}/library/nginx`;
    expected.metadata.annotations = { 'airgap.dev/original-images': '{"containers/main":"nginx"}' };
    assert.deepEqual(applyPatch(object, patchOf(answer)), expected);
  });

  await t.test('an exempt namespace runs what it wants, and its users are told', async () => {
    const { ok, said } = await kubectl(cluster, ['run', 'own', '-n', 'exempt', '--image=quay.io/acme/own:1']);
    assert.ok(ok);
    assert.match(said, /Warning: .*a vendor who insists/);
    assert.deepEqual((await podsOf(cluster, 'exempt')).flatMap(imagesOf), ['quay.io/acme/own:1']);
  });

  await t.test('a static pod is left alone: the kubelet may show it, whatever its image', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'static' },
      spec: { containers: [{ name: 'main', image: 'quay.io/acme/static:1' }] },
    };
    writeFileSync(path.join(staticPods, 'static.json'), JSON.stringify(pod));
    const shown = async (): Promise<boolean> =>
      (await podsOf(cluster)).some(
        (pod) => pod.metadata.name === 'static-node-1' && imagesOf(pod).join() === 'quay.io/acme/static:1',
      );
    await waitFor('the mirror pod is there', shown, { seconds: 40 });
  });

  await t.test(
    'an operator that compares images with its own is noticed, and ends when it names the mirror',
    async () => {
      await cluster.kubectl(['create', 'configmap', 'operator']);
      const uid = await cluster.kubectl(['get', 'configmap', 'operator', '-o', 'jsonpath={.metadata.uid}']);
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'operator', uid, controller: true }];
      /** One round of such an operator: whether it leaves the pod that it wants. */
      const reconcile = async (image: string): Promise<boolean> => {
        const there = (await podsOf(cluster)).find((pod) => pod.metadata.name === 'db-1');
        if (there !== undefined && imagesOf(there)[0] === image) return true;
        if (there !== undefined) await cluster.kubectl(['delete', 'pod', 'db-1', '--force', '--grace-period=0']);
        const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image }] };
        await cluster.api.raw('POST', '/api/v1/namespaces/default/pods', {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'db-1', ownerReferences },
          spec,
        });
        return false;
      };
      const event = (): Promise<string> =>
        cluster.kubectl([
          'get',
          'events',
          '--field-selector=reason=ImageRewriteLoop',
          '-o',
          'jsonpath={.items[*].message}',
        ]);
      await waitFor('the Event', async () => !(await reconcile('nginx')) && (await event()) !== '');
      assert.match(await event(), /give it the name of the mirror itself, or add \{namespaces: \[default\]/);
      await reconcile(`${mirror}/library/nginx`);
      assert.ok(await reconcile(`${mirror}/library/nginx`));
    },
  );

  await t.test('the modes in the order of a roll-out', async () => {
    const steps = {
      Audit: ['nginx', 'quay.io/acme/tool:3'],
      Warn: ['nginx and a warning', 'quay.io/acme/tool:3 and a warning'],
      Rewrite: [`${mirror}/library/nginx and a warning`, 'quay.io/acme/tool:3 and a warning'],
      Enforce: [`${mirror}/library/nginx`, 'refused'],
    };
    for (const [mode, expected] of Object.entries(steps)) {
      await cluster.api.apply(policy({ mode }));
      let seen: string[] = [];
      const settled = async (): Promise<boolean> => {
        const answers = [await dryRun(cluster, 'nginx'), await dryRun(cluster, 'quay.io/acme/tool:3')];
        seen = answers.map(({ ok, image, said }) =>
          ok ? `${image}${said === '' ? '' : ' and a warning'}` : 'refused',
        );
        return isDeepStrictEqual(seen, expected);
      };
      await waitFor(mode, settled, { seconds: 10 }).catch(() => assert.deepEqual(seen, expected, mode));
    }
  });
});

async function dryRun(cluster: NodeCluster, image: string): Promise<{ ok: boolean; image: string; said: string }> {
  const line = ['run', 'probe', `--image=${image}`, '--dry-run=server', '-o', 'jsonpath={.spec.containers[0].image}'];
  const { ok, out, said } = await kubectl(cluster, line);
  return { ok, image: out, said };
}

function post(url: string, body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its certificate is for the name of the Service; that the API server trusts it, everything else here shows.
    const outgoing = request(url, {
      method: 'POST',
      rejectUnauthorized: false,
      headers: { 'content-type': 'application/json' },
    });
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}
