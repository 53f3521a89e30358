import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../../plugin/commands/run.ts';
import { startControlPlane } from '../cluster.ts';
import { makeImage } from '../registry/image.ts';
import { startLoopbackRegistries } from '../registry/on-loopback.ts';

const image = ['--image', 'r.local/airgap-webhook:1', '--skip-image-check'];

test('install, install again and uninstall against a real API server', async (t) => {
  await using cluster = await startControlPlane();
  const airgap = (...line: string[]) => run([...line, '--kubeconfig', cluster.kubeconfig]);
  const configurations = async (): Promise<string> =>
    cluster.kubectl(['get', 'mutatingwebhookconfigurations,validatingwebhookconfigurations', '-o', 'name']);

  await t.test('an image that is not in its registry is refused, and so is one that cannot be seen', async () => {
    await using registries = await startLoopbackRegistries('debian');
    const ca = path.join(cluster.directory, 'registry-ca.crt');
    writeFileSync(ca, registries.authority.certificate);
    const named = ['install', '--image', `${registries.tls.host}/airgap/webhook:1`, '--timeout', '0'];
    const missing = await airgap(...named, '--registry-ca', ca);
    assert.equal(missing.code, 1);
    assert.match(missing.err, /does not have the image .*nothing was installed\.\n.*skopeo copy .* docker:\/\/127\./);
    const unseen = await airgap(...named);
    assert.equal(unseen.code, 3);
    assert.match(unseen.err, /cannot be seen from here: .*\n.*--skip-image-check/);
    assert.equal(await cluster.kubectl(['get', 'crd', '-o', 'name']), '');
    await registries.tls.push('airgap/webhook:1', await makeImage({ label: 'webhook' }));
    assert.equal((await airgap(...named, '--registry-ca', ca, '--dry-run=server')).code, 0);
  });

  await t.test('a server dry run lets the API server check everything and changes nothing', async () => {
    const { code, out, err } = await airgap('install', ...image, '--dry-run=server');
    assert.equal(code, 0, err);
    assert.match(out, /Deployment airgap-system\/airgap-webhook .*server dry run/);
    assert.equal(await configurations(), '');
  });

  await t.test('pods that do not become ready are told, and nothing is registered that would fail closed', async () => {
    const { code, err } = await airgap('install', ...image, '--timeout', '2');
    assert.equal(code, 1);
    assert.match(err, /not ready after 2 s, so it was not registered.*\n.*doctor pulls -n airgap-system/);
    assert.equal(await configurations(), '');
  });

  await t.test('applied again it changes nothing, and the authority that is published stays', async () => {
    assert.equal((await airgap('install', ...image, '--timeout', '0')).code, 0);
    const url = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/airgap-webhook';
    const bundle = Buffer.from(cluster.ca).toString('base64');
    const patch = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: bundle }];
    assert.equal((await cluster.api.raw('PATCH', url, patch, 'application/json-patch+json')).status, 200);
    const before = await cluster.kubectl([
      'get',
      'deployment',
      'airgap-webhook',
      '-n',
      'airgap-system',
      '-o',
      'jsonpath={.metadata.generation}',
    ]);
    assert.equal((await airgap('install', ...image, '--timeout', '0')).code, 0);
    const after = await cluster.kubectl([
      'get',
      'deployment',
      'airgap-webhook',
      '-n',
      'airgap-system',
      '-o',
      'jsonpath={.metadata.generation}',
    ]);
    assert.equal(after, before);
    const { webhooks } = await cluster.api.get<{ webhooks: { clientConfig: { caBundle?: string } }[] }>(url);
    assert.equal(webhooks[0]?.clientConfig.caBundle, bundle);
  });

  await t.test('an upgrade that does not become ready says that the registration stays', async () => {
    const { code, err } = await airgap(
      'install',
      '--image',
      'registry.local/airgap-webhook:2',
      '--skip-image-check',
      '--timeout',
      '1',
    );
    assert.equal(code, 1);
    assert.match(err, /not ready after 1 s, so its registration stays as it was/);
  });

  await t.test('uninstall removes it all and keeps the policies', async () => {
    const { code, out } = await airgap('uninstall');
    assert.equal(code, 0);
    assert.match(out, /^ValidatingWebhookConfiguration airgap-webhook deleted\n/);
    assert.equal(await configurations(), '');
    assert.match(await cluster.kubectl(['get', 'crd', '-o', 'name']), /airgappolicies/);
    assert.match(
      (await airgap('uninstall', '--with-policies')).out,
      /CustomResourceDefinition airgappolicies\.airgap\.dev deleted/,
    );
  });
});
