import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { closedPort, fakeRegistry, json, tinyImage } from '../../fake/registry.ts';
import { issue } from '../../x509.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { makeIndex } from '../registry/image.ts';
import { startLoopbackRegistries } from '../registry/on-loopback.ts';
import { account } from '../registry/token-service.ts';

const main = path.resolve(import.meta.dirname, '../../../plugin/main.ts');

interface Report {
  readonly categories: readonly {
    readonly checks: readonly {
      readonly id: string;
      readonly result: string;
      readonly reason: string | null;
      readonly findings: readonly {
        readonly cause: string;
        readonly severity: string;
        readonly image: string | null;
        readonly evidence: readonly string[];
        readonly objects: readonly { readonly name: string }[];
      }[];
    }[];
  }[];
}

/** What `doctor` prints with these flags, and its exit code. */
async function doctor(
  cluster: ControlPlaneCluster,
  flags: readonly string[],
): Promise<{ output: string; code: number }> {
  const { promise, resolve } = Promise.withResolvers<{ output: string; code: number }>();
  const args = [main, 'doctor', 'pulls', 'mirror', '--kubeconfig', cluster.kubeconfig, ...flags];
  const environment = { PATH: process.env['PATH'], HOME: cluster.directory };
  execFile(process.execPath, args, { env: environment, maxBuffer: 2 ** 26 }, (error, output) =>
    resolve({ output, code: typeof error?.code === 'number' ? error.code : 0 }),
  );
  return promise;
}

async function waitingPod(
  cluster: ControlPlaneCluster,
  name: string,
  image: string,
  waits = true,
  secret?: string,
): Promise<void> {
  await cluster.api.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      nodeName: 'n1',
      containers: [{ name: 'c', image }],
      ...(secret === undefined ? {} : { imagePullSecrets: [{ name: secret }] }),
    },
  });
  const state = waits
    ? { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } }
    : { running: {} };
  const status = {
    phase: waits ? 'Pending' : 'Running',
    containerStatuses: [{ name: 'c', image, imageID: '', ready: false, restartCount: 0, state }],
  };
  const answer = await cluster.api.raw(
    'PATCH',
    `/api/v1/namespaces/default/pods/${name}/status`,
    { status },
    'application/merge-patch+json',
  );
  assert.equal(answer.status, 200, answer.text);
}

test('doctor --registry climbs the ladder at real registries, with the pods’ own pull secrets', async () => {
  await using cluster = await startControlPlane();
  await using registries = await startLoopbackRegistries('debian');
  const { authority, plain, basic, token, tls } = registries;
  const image = await makeIndex(['linux/amd64']);
  const other = await makeIndex(['linux/arm64']);
  for (const registry of [plain, basic, token, tls]) await registry.push('shop/app:1', image);
  await plain.push('shop/arm:1', other);
  const tiny = tinyImage();
  await using faulty = await fakeRegistry({
    manifests: { 'app:1': tiny.manifest },
    blobs: tiny.blobs,
    answers: [
      [
        new RegExp(tiny.layer),
        (_, response) => response.writeHead(307, { location: 'https://blobs.example.com/x' }).end(),
      ],
    ],
  });
  await using limited = await fakeRegistry({ answers: [[/manifests/, json(429, {}, { 'retry-after': '60' })]] });
  await using expired = await fakeRegistry({
    tls: [issue({ names: ['IP:127.0.0.1'], until: new Date(Date.now() - 1000) })],
  });
  const closed = await closedPort();

  await cluster.api.apply(
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'login', namespace: 'default' },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: {
        '.dockerconfigjson': JSON.stringify({
          auths: Object.fromEntries(
            [basic, token].map(({ host }) => [host, { username: account.user, password: account.password }]),
          ),
        }),
      },
    },
  );
  const nodeInfo = { architecture: 'amd64', operatingSystem: 'linux' };
  await cluster.api.raw('PATCH', '/api/v1/nodes/n1/status', { status: { nodeInfo } }, 'application/merge-patch+json');
  const images: [name: string, image: string, waits?: boolean, secret?: string][] = [
    ['basic-login', `${basic.host}/shop/app:1`, true, 'login'],
    ['basic-none', `${basic.host}/shop/app:1`],
    ['token-login', `${token.host}/shop/app:1`, true, 'login'],
    ['token-none', `${token.host}/shop/app:1`],
    ['plain-missing', `${plain.host}/shop/app:2`],
    ['plain-arm', `${plain.host}/shop/arm:1`],
    ['plain-runs', `${plain.host}/shop/gone:1`, false],
    ['tls-good', `${tls.host}/shop/app:1`],
    ['redirected', `${faulty.host}/app:1`],
    ['limited', `${limited.host}/app:1`],
    ['mirrored', 'quay.io/shop/app:1'],
    ['mirror-lacks', 'quay.io/shop/lost:1'],
  ];
  for (const [name, reference, waits, secret] of images) await waitingPod(cluster, name, reference, waits, secret);

  const ca = path.join(cluster.directory, 'registry-ca.pem');
  writeFileSync(ca, authority.certificate);
  const hosts = [basic.host, token.host, plain.host, faulty.host, limited.host, expired.host, closed];
  const policy = path.join(cluster.directory, 'policy.yaml');
  writeFileSync(
    policy,
    `apiVersion: airgap.dev/v1alpha1\nkind: AirgapPolicy\nmetadata: {name: default}\nspec: {mirrors: [{sourcePrefix: quay.io, targetPrefix: "${tls.host}"}]}\n`,
  );
  const flags = [...hosts.flatMap((host) => ['--registry', host]), '--registry-ca', ca, '--policy', policy];
  const { output, code } = await doctor(cluster, [...flags, '-o', 'json']);
  assert.equal(code, 1, output);
  const report = JSON.parse(output) as Report;
  const checks = new Map(report.categories.flatMap((category) => category.checks).map((check) => [check.id, check]));
  const told = (id: string): string[] =>
    (checks.get(id)?.findings ?? [])
      .map(({ cause, objects }) => `${cause}: ${objects.map(({ name }) => name).join(' ')}`)
      .toSorted();
  assert.deepEqual(
    told('AG-IMG-010'),
    [
      'auth-required: basic-none',
      'auth-required: token-none',
      'image-not-found: plain-missing',
      'mirror-miss: mirror-lacks',
      'rate-limited: limited',
    ],
    checks.get('AG-IMG-010')?.reason ?? '',
  );
  assert.deepEqual(told('AG-MIR-001'), [
    `net-refused: ${closed}`,
    `tls-expired: ${expired.host}`,
    `tls-unknown-authority: ${expired.host}`,
  ]);
  assert.deepEqual(told('AG-MIR-002'), [`redirect-unreachable: ${faulty.host}`]);
  assert.deepEqual(told('AG-IMG-005'), ['image-not-found: plain-runs']);
  assert.deepEqual(told('AG-IMG-007'), ['platform-missing: plain-arm']);
  assert.ok(!output.includes(account.password) && !output.includes(Buffer.from(account.password).toString('base64')));
});
