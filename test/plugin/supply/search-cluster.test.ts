import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openDump } from '../../../plugin/cluster/dump/open.ts';
import { inventoryReport } from '../../../plugin/supply/inventory-report.ts';
import { startInventory } from '../../../plugin/supply/inventory.ts';
import { only } from '../../../plugin/supply/only.ts';
import { searchCluster } from '../../../plugin/supply/search-cluster.ts';
import { run } from '../commands/run.ts';
import { inventoryIn } from './inventory-schema.ts';

const definition = {
  metadata: { name: 'databases.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'databases', kind: 'Database' },
    versions: [
      { name: 'v1beta1', served: true, storage: false },
      { name: 'v1', served: true, storage: true },
    ],
  },
};
const owned = (name: string) => ({
  metadata: { name, namespace: 'shop', ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'u' }] },
  spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] },
});

async function search(files: Readonly<Record<string, readonly unknown[]>>, nodes = false) {
  const directory = mkdtempSync(path.join(tmpdir(), 'airgap-images-'));
  try {
    for (const [name, items] of Object.entries(files))
      writeFileSync(path.join(directory, `${name}.json`), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const inventory = startInventory();
    const cluster = await openDump(directory, {});
    const unsearched = await searchCluster(cluster, inventory, { nodes, progress: () => undefined });
    return inventoryReport('test', inventory.finish(), unsearched);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('the pods of one controller are one place, and each image is listed once, normalised', async () => {
  const report = await search({
    pods: [
      owned('web-1-a'),
      owned('web-1-b'),
      { metadata: { name: 'bare', namespace: 'shop' }, spec: { containers: [{ image: 'docker.io/nginx:1.27' }] } },
    ],
  });
  assert.deepEqual(
    report.images.map(({ image, places }) => [
      image,
      places.map(({ kind, name, field }) => `${kind}/${name} ${field}`),
    ]),
    [
      [
        'docker.io/library/nginx:1.27',
        ['Pod/bare spec.containers[0].image', 'ReplicaSet/web-1 spec.template.spec.containers[0].image'],
      ],
    ],
  );
});

test('custom resources are found through their definitions, in the version that is stored', async () => {
  const report = await search({
    'customresourcedefinitions.apiextensions.k8s.io': [definition],
    'databases.example.com': [{ metadata: { name: 'db', namespace: 'shop' }, spec: { image: 'quay.io/db/db:14' } }],
  });
  assert.deepEqual(
    report.images.map(({ image, places }) => [image, places[0]?.kind]),
    [['quay.io/db/db:14', 'Database']],
  );
});

test('what webhooks inject is found in the ConfigMaps beside them, and in no others', async () => {
  const client = (namespace: string) => ({ clientConfig: { service: { namespace, name: 'injector' } } });
  const map = (namespace: string, image: string) => ({
    metadata: { name: 'm', namespace },
    data: { template: `image: ${image}\n` },
  });
  const files = {
    'mutatingwebhookconfigurations.admissionregistration.k8s.io': [
      { metadata: { name: 'w' }, webhooks: [client('mesh')] },
    ],
    configmaps: [map('mesh', 'quay.io/mesh/proxy:1'), map('shop', 'quay.io/shop/other:1')],
  };
  const report = await search(files);
  assert.deepEqual(
    report.images.map(({ image, places: [place] }) => [image, place?.kind, place?.via]),
    [['quay.io/mesh/proxy:1', 'ConfigMap', 'text']],
  );
  const redacted = { ...files, configmaps: [{ ...map('mesh', ''), data: { template: '' } }] };
  assert.ok((await search(redacted)).unsearched.some(({ reason }) => reason.includes('leaves out their values')));
});

test('what could not be searched is named, and what cannot be read as an image is told with its place', async () => {
  const report = await search({
    pods: [{ metadata: { name: 'p', namespace: 'n' }, spec: { containers: [{ image: 'Bad Image' }] } }],
  });
  assert.ok(report.unsearched.some(({ resource, why }) => resource === 'deployments.apps' && why === 'absent'));
  assert.deepEqual(
    report.invalid.map(({ image, places }) => [image, places[0]?.name]),
    [['Bad Image', 'p']],
  );
});

test('the document of a whole recording fits its schema', async () => {
  const { code, out } = await run(['images', '--from', 'examples/broken-cluster', '--nodes', '-o', 'json']);
  assert.equal(code, 0);
  const { images, invalid, unsearched } = inventoryIn(out);
  assert.ok(images.length > 5 && invalid.length > 0 && unsearched.length > 0);
});

test('--why takes a reference as people write it, with or without its tag', async () => {
  const report = await search({ pods: [owned('a')] });
  for (const written of ['nginx:1.27', 'nginx', 'docker.io/library/nginx:1.27'])
    assert.equal(only(report, written).images.length, 1, written);
  for (const written of ['nginx:1.2', 'ngin', 'redis']) assert.equal(only(report, written).images.length, 0, written);
});
