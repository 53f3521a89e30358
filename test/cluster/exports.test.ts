import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { run } from '../plugin/commands/run.ts';
import { lockText } from '../../plugin/supply/lock/write.ts';
import { lockOf } from '../plugin/supply/exports/lock.ts';
import type { Manifest } from './api.ts';
import { startCluster, type NodeCluster } from './cluster-with-node.ts';
import { runCommand } from './command.ts';
import { hostsDirectory } from './node/containerd.ts';
import { pod } from './pod.ts';
import { waitFor } from './processes.ts';
import { makeImage, makeIndex } from './registry/image.ts';
import { tool } from './tools/build.ts';
import { moduleFiles } from './tools/module-files.ts';

const objects = (text: string): Manifest[] =>
  (parseAllDocuments(text) as { toJS(): unknown }[]).map((one) => one.toJS() as Manifest);

test('what is exported for nodes and clusters does what it says on a real one', async (t) => {
  await using cluster = await startCluster({ registries: ['plain'] });
  const { main, others, authority } = cluster.registries;
  assert.ok(others.plain);
  const [app, db] = [await makeIndex(['linux/amd64', 'linux/arm64']), await makeImage({ label: 'db' })];
  await main.push('hub/library/app:1', app);
  await main.push('acme/db:2', db);
  await others.plain.push('gone/tool:3', db);
  const lock = lockOf({
    'docker.io/library/app:1': `${main.host}/hub/library/app:1`,
    [`quay.io/acme/db@${db.manifest.digest}`]: `${main.host}/acme/db@${db.manifest.digest}`,
    'gone.example.com:5000/tool:3': `${others.plain.host}/gone/tool:3`,
    'quay.io/acme/missing:1': `${main.host}/acme/missing:1`,
  });
  const file = path.join(cluster.directory, 'airgap.lock.yaml');
  writeFileSync(file, lockText(lock));
  const exported = async (to: string): Promise<string> => {
    const folder = path.join(cluster.directory, to);
    const plain = ['--plain-http', others.plain?.host ?? ''];
    const { code, err } = await run(['export', '--to', to, '--lock', file, '-o', folder, ...plain]);
    assert.equal(code, 0, err);
    return folder;
  };

  await t.test('containerd pulls by the old names from the mirror, whose registries nobody can reach', async () => {
    const folder = path.join(await exported('containerd'), 'certs.d');
    for (const host of ['docker.io', 'quay.io']) trustBeside(folder, host, authority.certificate);
    cpSync(folder, hostsDirectory(cluster.place), { recursive: true });
    const images = {
      tagged: 'app:1',
      pinned: `quay.io/acme/db@${db.manifest.digest}`,
      plain: 'gone.example.com:5000/tool:3',
    };
    for (const [name, image] of Object.entries({ ...images, missing: 'quay.io/acme/missing:1' }))
      await cluster.api.apply(pod(name, image));
    await waitFor('the pods run', async () => {
      const phases = await Promise.all(Object.keys(images).map((name) => read(cluster, name, '{.status.phase}')));
      return phases.every((phase) => phase === 'Running');
    });
    assert.match(
      await read(cluster, 'tagged', '{.status.containerStatuses[0].imageID}'),
      new RegExp(app.manifest.digest),
    );
    const waiting = '{.status.containerStatuses[0].state.waiting.message}';
    await waitFor('the other waits', async () => (await read(cluster, 'missing', waiting)) !== '');
    // The node does not go on to quay.io, which it could not even resolve.
    assert.match(await read(cluster, 'missing', waiting), /acme\/missing:1: not found/);
  });

  await t.test('what helm installs, as the authors of the chart wrote it, runs from the mirror', async () => {
    const chart = path.join(cluster.directory, 'web');
    mkdirSync(path.join(chart, 'templates'), { recursive: true });
    writeFileSync(path.join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
    const template = pod('{{ .Release.Name }}', `quay.io/acme/db@${db.manifest.digest}`);
    writeFileSync(path.join(chart, 'templates/pod.json'), JSON.stringify(template));
    const options = ['--kubeconfig', cluster.kubeconfig, '--wait', '--timeout', '60s'];
    await runCommand([await tool('helm'), 'install', 'charted', chart, ...options]);
    assert.equal(await read(cluster, 'charted', '{.status.phase}'), 'Running');
  });

  await t.test("OpenShift's own definitions take the mirror sets, and would not take others", async () => {
    const folder = path.join(await moduleFiles('openshift-api', 'github.com/openshift/api'), 'config/v1');
    const definitions = ['imagedigestmirrorsets', 'imagetagmirrorsets'].flatMap((name) =>
      objects(
        readFileSync(
          path.join(folder, `zz_generated.crd-manifests/0000_10_config-operator_01_${name}.crd.yaml`),
          'utf8',
        ),
      ),
    );
    await cluster.api.apply(...definitions);
    const sets = path.join(await exported('idms'), 'mirror-sets.yaml');
    const apply = (name: string): Promise<string> => cluster.kubectl(['apply', '--validate=strict', '-f', name]);
    await waitFor('the definitions are served', async () => (await apply(sets)).includes('airgap'));
    const kept = await cluster.kubectl(['get', 'imagetagmirrorset', 'airgap', '-o', 'json']);
    const [, written] = objects(readFileSync(sets, 'utf8'));
    assert.deepEqual((JSON.parse(kept) as Manifest)['spec'], written?.['spec']);
    const wrong = path.join(cluster.directory, 'wrong.yaml');
    writeFileSync(wrong, readFileSync(sets, 'utf8').replaceAll('NeverContactSource', 'Never'));
    await assert.rejects(apply(wrong), /Unsupported value: "Never"/);
  });

  await t.test("the API server takes Velero's map in the namespace of Velero", async () => {
    const made = path.join(await exported('velero'), 'change-image-name.yaml');
    await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'velero' } });
    await cluster.kubectl(['apply', '--validate=strict', '-f', made]);
    const selector = 'velero.io/plugin-config,velero.io/change-image-name=RestoreItemAction';
    assert.match(
      await cluster.kubectl(['get', 'configmap', '-n', 'velero', '-l', selector, '-o', 'name']),
      /change-image/,
    );
  });
});

/** Does what the comment in the file says, for a mirror that has a certificate of the site's own authority. */
function trustBeside(folder: string, host: string, authority: string): void {
  const file = path.join(folder, host, 'hosts.toml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('# ca = "ca.crt"', 'ca = "ca.crt" #'));
  assert.notEqual(readFileSync(file, 'utf8'), text);
  writeFileSync(path.join(folder, host, 'ca.crt'), authority);
}

function read(cluster: NodeCluster, name: string, field: string): Promise<string> {
  return cluster.kubectl(['get', 'pod', name, '-o', `jsonpath=${field}`]);
}
