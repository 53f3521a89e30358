import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { randomBytes } from 'node:crypto';
import { makeLayer, type Layer } from '../../../image/oci.ts';
import { startCluster, type NodeCluster } from '../cluster-with-node.ts';
import { waitFor } from '../processes.ts';
import { busyboxLayer, makeImage, makeIndex } from '../registry/image.ts';
import { startSites, type Sites } from './two-sites.ts';

/** More than a volume of the story holds, so that its blob is parted. */
const large = await makeLayer([{ name: 'srv/data', content: randomBytes(900_000) }]);
const layer = (text: string): Promise<Layer> => makeLayer([{ name: 'srv/version', content: text }]);

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly findings: readonly unknown[];
}

test('from a live cluster over media into the gap, then an upgrade of which only the difference is carried', async (t) => {
  await using cluster = await startCluster();
  await using sites = await startSites(cluster);
  const { upstream, vendor, inner, inside, airgap } = sites;
  const base = await busyboxLayer();
  const [first, second, db] = [
    await makeIndex(['linux/amd64', 'linux/arm64'], { layers: [base, large, await layer('1')] }),
    await makeIndex(['linux/amd64', 'linux/arm64'], { layers: [base, large, await layer('2')] }),
    await makeImage({ label: 'db', layers: [base] }),
  ];
  const web = `${upstream.host}/shop/web`;
  await upstream.registry().push('shop/web:1', first);
  await upstream
    .registry()
    .push(`shop/web:${first.manifest.digest.replace(':', '-')}.sig`, await makeImage({ label: 'signature' }));
  await vendor.registry().push('db:1', db);
  await cluster.api.apply(...sites.workloads({ web: `${web}:1`, db: `${vendor.host}/db:1` }));

  await t.test('what the cluster needs is found and pinned', async () => {
    const { out } = await airgap('images', '--kubeconfig', cluster.kubeconfig, '-o', 'name');
    assert.equal(out, `${web}:1\n${vendor.host}/db:1\n`);
    const lock = ['lock', '--kubeconfig', cluster.kubeconfig, '--policy', inside('policy.yaml')];
    assert.match((await airgap(...lock, '--lock', inside('first.lock.yaml'))).out, /2 images/);
    assert.match(readFileSync(inside('first.lock.yaml'), 'utf8'), /\.sig/);
  });

  await t.test('it is copied to a folder, packed into volumes, and each volume is found whole', async () => {
    await airgap('mirror', 'run', '--lock', inside('first.lock.yaml'), '--to', `dir:${inside('outside')}`);
    await sites.pack('usb');
    assert.ok(globSync('*.tar', { cwd: inside('usb') }).length >= 3);
    await airgap('mirror', 'check', inside('usb'));
  });
  await upstream.stop();
  await vendor.stop();

  await t.test('volumes are loaded in any order, and the folder into the inner registry', async () => {
    const volumes = globSync(`${inside('usb')}/*.tar`)
      .toSorted()
      .toReversed();
    const [last = ''] = volumes.splice(0, 1);
    await airgap.ends(1, 'mirror', 'load', last, '--to', `dir:${inside('inside')}`);
    await airgap('mirror', 'load', ...volumes, '--to', `dir:${inside('inside')}`);
    await airgap('mirror', 'run', '--from', `dir:${inside('inside')}`);
    const { out } = await airgap('verify', '--lock', inside('inside/airgap.lock.yaml'), '--no-cluster');
    assert.match(out, /2 images locked, 2 the same in the mirror/);
  });

  await t.test(
    'with the policy in force the workloads run from the inner registry, and all digests match',
    async () => {
      const { out } = await airgap('export', '--to', 'cel', '--policy', inside('policy.yaml'));
      await cluster.kubectl(['apply', '-f', '-'], out);
      await waitFor(
        'pods are rewritten',
        async () => (await sites.rewritten(`${web}:1`)) === `${inner.host}/up/shop/web:1`,
      );
      await cluster.kubectl(['rollout', 'restart', 'deployment/web', 'deployment/db']);
      await running(cluster, [`${inner.host}/up/shop/web:1`, `${inner.host}/vendor/db:1`]);
      assert.deepEqual(await verify(sites, cluster.kubeconfig, 'first.lock.yaml'), { locked: 2, same: 2, findings: 0 });
    },
  );

  await t.test('of an upgrade only the new blobs travel', async () => {
    await upstream.start();
    await upstream.registry().push('shop/web:2', second);
    const manifests = sites.workloads({ web: `${web}:2`, db: `${vendor.host}/db:1` });
    sites.put('manifests.yaml', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }));
    sites.put('second.lock.yaml', readFileSync(inside('first.lock.yaml'), 'utf8'));
    const lock = ['lock', '-f', inside('manifests.yaml'), '--policy', inside('policy.yaml')];
    assert.match((await airgap(...lock, '--lock', inside('second.lock.yaml'))).out, /removed .*web:1\nadded .*web:2/);
    // The vendor's registry is still out of reach: what the folder has is not asked for again.
    await airgap('mirror', 'run', '--lock', inside('second.lock.yaml'), '--to', `dir:${inside('outside')}`);
    await sites.pack('delta', '--since', inside('first.lock.yaml'));
    await upstream.stop();
    const volumes = globSync(`${inside('delta')}/*.tar`);
    const bytes = volumes.reduce((sum, file) => sum + statSync(file).size, 0);
    assert.ok(volumes.length === 1 && bytes < 60_000, `${volumes.length} volumes with ${bytes} bytes`);
  });

  await t.test('they go into the folder of the set before, or what was left out comes from the mirror', async () => {
    const fresh = `dir:${inside('fresh')}`;
    assert.match(
      (await airgap.ends(1, 'mirror', 'load', inside('delta'), '--to', fresh)).out,
      /neither in the volumes/,
    );
    await airgap('mirror', 'load', inside('delta'), '--to', fresh, '--fill-from-mirror');
    await airgap('mirror', 'load', inside('delta'), '--to', `dir:${inside('inside')}`);
    await airgap('mirror', 'check', inside('fresh'), inside('inside'));
    await airgap('mirror', 'run', '--from', fresh);
  });

  await t.test('the upgrade runs, verifies, and verifies again when what nobody needs has been pruned', async () => {
    await cluster.api.apply(...sites.workloads({ web: `${web}:2`, db: `${vendor.host}/db:1` }));
    await running(cluster, [`${inner.host}/up/shop/web:2`, `${inner.host}/vendor/db:1`]);
    const same = { locked: 2, same: 2, findings: 0 };
    assert.deepEqual(await verify(sites, cluster.kubeconfig, 'second.lock.yaml'), same);
    const prune = ['mirror', 'prune', '--lock', inside('second.lock.yaml'), '--policy', inside('policy.yaml'), '--yes'];
    const { out } = await airgap(...prune, '--kubeconfig', cluster.kubeconfig);
    assert.match(out, /shop\/web +1 .*removed\n/);
    assert.deepEqual(await verify(sites, cluster.kubeconfig, 'second.lock.yaml'), same);
    const first = await airgap.ends(1, 'verify', '--no-cluster', '--lock', inside('first.lock.yaml'));
    assert.match(first.out, /not in the mirror +\S+shop\/web:1/);
  });
});

/** Waits until exactly these images run, each in one pod that is ready. */
async function running(cluster: NodeCluster, images: readonly string[]): Promise<void> {
  const each = '{range .items[*]}{.spec.containers[0].image} {.status.containerStatuses[0].ready}{"\\n"}{end}';
  const expected = images.map((image) => `${image} true`).toSorted();
  await waitFor('the workloads run', async () => {
    const pods = await cluster.kubectl(['get', 'pods', '-o', `jsonpath=${each}`]);
    return pods.trim().split('\n').toSorted().join() === expected.join();
  });
}

/** What `verify` says of lock, mirror and cluster; it ends with 0. */
async function verify(
  { airgap, inside }: Sites,
  kubeconfig: string,
  lock: string,
): Promise<Record<string, number | undefined>> {
  const { out } = await airgap('verify', '--lock', inside(lock), '--kubeconfig', kubeconfig, '-o', 'json');
  const { summary, findings } = JSON.parse(out) as Report;
  return { locked: summary['locked'], same: summary['same'], findings: findings.length };
}
