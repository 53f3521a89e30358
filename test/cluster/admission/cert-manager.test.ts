import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startCluster, type NodeCluster } from '../cluster-with-node.ts';
import { waitFor } from '../processes.ts';
import { tool } from '../tools/build.ts';
import { moduleFiles } from '../tools/module-files.ts';
import { startLoad } from './load.ts';
import { served, twoReady } from './reliability.ts';
import { fillRegistry, image, kubectl, namespace, policy } from './webhook-pods.ts';

const overlay = path.resolve(import.meta.dirname, '../../../manifests/overlays/cert-manager');

/** Starts cert-manager's controllers and its CA injector, after its custom resources. */
async function startCertManager(cluster: NodeCluster): Promise<void> {
  const crds = path.join(await moduleFiles('cert-manager', 'github.com/cert-manager/cert-manager'), 'deploy/crds');
  for (const file of globSync('*.yaml', { cwd: crds }))
    await cluster.kubectl(['apply', '--server-side', '-f', '-'], readFileSync(path.join(crds, file), 'utf8'));
  const environment = { KUBECONFIG: cluster.kubeconfig };
  cluster.place.start({ name: 'cert-manager', command: [await tool('cert-manager')], environment });
}

test('with the overlay for cert-manager the webhook serves its certificates, and a renewal loses no admission', async () => {
  await using cluster = await startCluster({ services: true });
  await fillRegistry(cluster, 'library/nginx:latest');
  await startCertManager(cluster);
  const rendered = await cluster.kubectl(['kustomize', overlay]);
  const manifests = rendered.replaceAll(/my-registry\.local\S+/g, image);
  const applied = await kubectl(cluster, ['apply', '-f', '-'], manifests);
  assert.ok(applied.ok, applied.said);
  await twoReady(cluster);
  await cluster.api.apply(policy());
  const dry = ['run', 'probe', '--image=nginx', '--dry-run=server', '-o', 'jsonpath={.spec.containers[0].image}'];
  await waitFor(
    'pods are rewritten',
    async () => (await kubectl(cluster, dry)).out === 'registry.example.com/library/nginx',
  );

  const before = await served(cluster);
  assert.equal(new Set(before).size, 1, 'both serve the same certificate');
  await using load = startLoad(cluster);
  const tally = await load.during('renewal', async () => {
    // What "cmctl renew" writes.
    const condition = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'renew' };
    const patch = JSON.stringify([{ op: 'add', path: '/status/conditions/-', value: condition }]);
    const renew = ['patch', 'certificate', 'airgap-webhook', '-n', namespace, '--subresource=status', '--type=json'];
    await cluster.kubectl([...renew, '-p', patch]);
    await waitFor(
      'both serve the new certificate',
      async () => {
        const now = await served(cluster);
        return now.length === 2 && now.every((fingerprint) => !before.includes(fingerprint));
      },
      { seconds: 150 },
    );
  });
  assert.deepEqual(tally.refused, {}, [...tally.examples].join('\n'));
  assert.deepEqual(tally.external, []);
  assert.ok(tally.admitted > 20);

  const value = (...line: string[]): Promise<string> => cluster.kubectl(['get', ...line]);
  const configuration = ['validatingwebhookconfiguration', 'airgap-webhook', '-o'];
  const authority = await value('secret', 'airgap-webhook-ca', '-n', namespace, '-o', 'jsonpath={.data.tls\\.crt}');
  assert.equal(await value(...configuration, 'jsonpath={.webhooks[0].clientConfig.caBundle}'), authority);
  await waitFor(
    'the exempt namespace is left out',
    async () =>
      (await value(...configuration, 'jsonpath={.webhooks[0].matchConditions}')).includes('not-exempt.airgap.dev'),
    { seconds: 20 },
  );
  const account = `--as=system:serviceaccount:${namespace}:airgap-webhook`;
  assert.equal((await kubectl(cluster, ['auth', 'can-i', 'create', 'secrets', '-n', namespace, account])).out, 'no\n');
  const drift = await kubectl(cluster, ['diff', '-f', '-'], manifests);
  assert.deepEqual(
    drift,
    { ok: true, out: '', said: '' },
    'what webhook and injector write is no difference to GitOps',
  );
});
