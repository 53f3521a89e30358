import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { connect } from '../../plugin/cluster/connect.ts';
import { openLive } from '../../plugin/cluster/live.ts';
import { kinds } from '../../plugin/cluster/kinds.ts';
import type { Gap, KindName } from '../../plugin/cluster/snapshot.ts';
import type { ConnectionFlags } from '../../plugin/cluster/target.ts';
import { startControlPlane, type ControlPlaneCluster } from './cluster.ts';
import { connectProxy, socksProxy } from '../fake/proxies.ts';
import { issue } from '../x509.ts';

let cluster: ControlPlaneCluster;
let folder: string;
const file = (name: string): string => path.join(folder, name);

/** Planted wherever a cluster can hold a secret; none of it may ever be in a recording. */
const secret = 'hunter2+Zürich/&';
const robot = issue({
  cn: 'web',
  names: ['DNS:web.shop.svc'],
  from: new Date('2020-01-01'),
  until: new Date('2021-01-01'),
});

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'airgap-world-'));
  cluster = await startControlPlane();
  const namespace = 'shop';
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const login = JSON.stringify({
    auths: { 'r.corp': { username: 'robot', password: secret, auth: base64(`robot:${secret}`) } },
  });
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await cluster.api.apply(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'opaque', namespace }, data: { password: base64(secret) } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'pull', namespace },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': base64(login) },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'web-tls', namespace },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(robot.pem), 'tls.key': base64(robot.keyPem) },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace },
      data: { 'app.yaml': `password: ${secret}`, 'ca.crt': robot.pem },
    },
    ...Array.from({ length: 1100 }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `many-${i}`, namespace },
      data: { i: `${i}` },
    })),
  );
  await cluster.kubectl(['create', 'rolebinding', 'broken', '-n', namespace, '--role=gone', '--user=joe']);
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace, annotations: { 'vault.corp/token': secret } },
    spec: {
      imagePullSecrets: [{ name: 'pull' }, { name: 'missing' }],
      containers: [
        {
          name: 'web',
          image: 'r.corp/web:1',
          args: ['--password', secret],
          env: [{ name: 'PASSWORD', value: secret }],
        },
      ],
    },
  };
  // As kubectl apply leaves it: with a copy of everything in an annotation.
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
  const message = `Back-off pulling image "r.corp/web:1": ErrImagePull: failed to pull and unpack image "r.corp/web:1": failed to do request: Head "https://robot:${encodeURIComponent(secret)}@r.corp/v2/web/manifests/1": dial tcp: lookup r.corp on 10.96.0.10:53: no such host`;
  await cluster.api.raw(
    'PATCH',
    `/api/v1/namespaces/${namespace}/pods/web/status`,
    {
      status: {
        containerStatuses: [
          {
            name: 'web',
            image: 'r.corp/web:1',
            imageID: '',
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: 'ImagePullBackOff', message } },
          },
        ],
      },
    },
    'application/merge-patch+json',
  );
  await cluster.api.apply({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'web.1', namespace },
    type: 'Warning',
    reason: 'Failed',
    message: `token=${encodeURIComponent(secret)}`,
    involvedObject: { kind: 'Pod', namespace, name: 'web' },
  });
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** The names of one kind that these flags see, and what they do not. */
async function names(
  kind: KindName,
  flags: ConnectionFlags,
  namespace?: string,
): Promise<{ names: string[]; gap: Gap | null }> {
  const connection = await connect(flags, {});
  try {
    const live = await openLive(connection, { registries: [] });
    const entry = kinds[kind];
    assert.ok(entry.from === 'resource');
    const found: string[] = [];
    const visit = (raw: Readonly<Record<string, unknown>>): void =>
      void found.push((raw['metadata'] as { name: string }).name);
    const gap = await live.list(entry.type, visit, namespace === undefined ? {} : { namespace });
    return { names: found, gap };
  } finally {
    connection.close();
  }
}

function airgap(...args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const main = path.resolve(import.meta.dirname, '../../plugin/main.ts');
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [main, ...args],
      { maxBuffer: 2 ** 26, env: { ...process.env, KUBECONFIG: cluster.kubeconfig } },
      (error, stdout, stderr) => resolve({ stdout, stderr, code: typeof error?.code === 'number' ? error.code : 0 }),
    ),
  );
}

interface Report {
  categories: { checks: { id: string; result: string; findings: unknown[] }[] }[];
}

function checksOf(report: Report): Report['categories'][number]['checks'] {
  return report.categories.flatMap(({ checks }) => checks);
}

test('a list over several pages is what kubectl sees', async () => {
  const { names: found, gap } = await names('configmaps', { kubeconfig: cluster.kubeconfig });
  assert.equal(gap, null);
  const expected = (await cluster.kubectl(['get', 'configmaps', '-A', '-o', 'name'])).trim().split('\n');
  assert.deepEqual(found.map((name) => `configmap/${name}`).sort(), expected.sort());
  assert.ok(found.length > 1100);
});

test('who may read one namespace only is told the rule that is missing', async () => {
  await cluster.kubectl(['create', 'role', 'reader', '-n', 'shop', '--verb=list', '--resource=pods']);
  await cluster.kubectl(['create', 'rolebinding', 'reader', '-n', 'shop', '--role=reader', '--user=jane']);
  const flags = { kubeconfig: cluster.kubeconfig, as: 'jane', asGroup: ['system:authenticated'] };
  const { names: none, gap } = await names('pods', flags);
  assert.deepEqual(none, []);
  assert.equal(gap?.why, 'forbidden');
  assert.match(
    gap?.reason ?? '',
    /^you may not list pods at the cluster scope; .*resources: \[pods\], verbs: \[list\]/,
  );
  assert.deepEqual(await names('pods', flags, 'shop'), { names: ['web'], gap: null });
  assert.equal((await names('certificates', flags)).gap?.why, 'absent');
  const blind = JSON.parse((await airgap('doctor', 'rbac', '-o', 'json', '--as=jane')).stdout) as Report;
  assert.deepEqual([...new Set(checksOf(blind).map(({ result }) => result))], ['unknown']);
});

test('every way to say who one is works as it does for kubectl', async () => {
  const ca = file('ca.crt');
  writeFileSync(ca, cluster.ca);
  const token = (await cluster.kubectl(['create', 'token', 'default', '-n', 'default'])).trim();
  await cluster.kubectl([
    'create',
    'clusterrolebinding',
    'all',
    '--clusterrole=view',
    '--serviceaccount=default:default',
  ]);
  const plugin = file('plugin.sh');
  writeFileSync(
    plugin,
    `#!/bin/sh\ntest -n "$KUBERNETES_EXEC_INFO" || exit 1\necho '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${token}"}}'\n`,
    { mode: 0o755 },
  );
  const pki = (name: string): string => path.join(cluster.pkiDirectory, name);
  const config = (user: object, more: object = {}): string => {
    const target = file('config.yaml');
    const body = { 'certificate-authority': 'ca.crt', server: cluster.server, ...more };
    writeFileSync(
      target,
      JSON.stringify({
        clusters: [{ name: 'c', cluster: body }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
    return target;
  };
  const tokenFile = file('token');
  writeFileSync(tokenFile, `${token}\n`);
  const ways: readonly ConnectionFlags[] = [
    { server: cluster.server, certificateAuthority: ca, token },
    { server: cluster.server, insecureSkipTlsVerify: true, token },
    {
      server: cluster.server,
      certificateAuthority: ca,
      clientCertificate: pki('admin.crt'),
      clientKey: pki('admin.key'),
    },
  ];
  for (const flags of ways)
    assert.deepEqual((await names('pods', flags)).names, ['web'], JSON.stringify(Object.keys(flags)));
  for (const user of [
    { token },
    { tokenFile: 'token' },
    { 'client-certificate': pki('admin.crt'), 'client-key': pki('admin.key') },
    { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin.sh', interactiveMode: 'Never' } },
  ])
    assert.deepEqual(
      (await names('pods', { kubeconfig: config(user) })).names,
      ['web'],
      JSON.stringify(Object.keys(user)),
    );

  const broken = {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'no-such-plugin',
      installHint: 'Install it from your administrator.',
    },
  };
  await assert.rejects(names('pods', { kubeconfig: config(broken) }), {
    code: 'unreachable',
    message: /credential plugin no-such-plugin of user "u" in .* is not installed/,
    hint: 'Install it from your administrator.',
  });
  await assert.rejects(names('pods', { kubeconfig: config({ token: 'expired' }) }), {
    code: 'unreachable',
    message: /does not accept the credentials of context "x"/,
  });

  for (const start of [connectProxy, socksProxy]) {
    await using proxy = await start();
    const kubeconfig = config({ token }, { 'proxy-url': proxy.url });
    assert.deepEqual((await names('pods', { kubeconfig })).names, ['web']);
    assert.ok(proxy.targets.length > 0);
    assert.deepEqual([...new Set(proxy.targets)], [new URL(cluster.server).host]);
  }
});

test('a server that is not the one of the kubeconfig is not trusted', async () => {
  const other = file('other-ca.crt');
  writeFileSync(other, issue({ cn: 'other', ca: true }).pem);
  const kubeconfig = cluster.kubeconfig;
  await assert.rejects(names('pods', { kubeconfig, certificateAuthority: other }), {
    code: 'unreachable',
    message: /is not trusted/,
  });
  await assert.rejects(names('pods', { kubeconfig, tlsServerName: 'another.example.com' }), {
    code: 'unreachable',
    message: /is for another name/,
  });
  await assert.rejects(names('pods', { kubeconfig, server: cluster.server.replace('https', 'http') }), {
    code: 'unreachable',
  });
});

test('doctor says the same of the cluster, of its recording, and of what kubectl alone can record', async () => {
  const dump = file('dump.tar.gz');
  const recorded = await airgap('dump', '-o', dump);
  assert.equal(recorded.code, 0, recorded.stderr);
  const { time } = JSON.parse(
    gunzipSync(readFileSync(dump))
      .toString('utf8', 512)
      .replace(/\0[\s\S]*/, ''),
  ) as { time: string };
  const examined = async (...args: string[]): Promise<Report> => {
    const { stdout, stderr } = await airgap('doctor', '-o', 'json', '--now', time, ...args);
    assert.notEqual(stdout, '', stderr);
    return { ...(JSON.parse(stdout) as Report), source: '' } as Report;
  };
  const live = await examined();
  for (const fault of ['web-tls', 'gone']) assert.ok(JSON.stringify(live).includes(fault), fault);
  assert.deepEqual(await examined('--from', dump), live);

  const byHand = file('by-hand');
  mkdirSync(byHand);
  const served = (await cluster.kubectl(['api-resources', '-o', 'name'])).split('\n');
  for (const entry of Object.values(kinds)) {
    if (entry.from === 'observation') continue;
    const name = `${entry.type.plural}${entry.type.group === '' ? '' : `.${entry.type.group}`}`;
    if (!served.includes(name)) continue;
    writeFileSync(path.join(byHand, `${name}.json`), await cluster.kubectl(['get', name, '-A', '-o', 'json']));
  }
  const info = file('cluster-info');
  await cluster.kubectl(['cluster-info', 'dump', '-A', `--output-directory=${info}`]);
  // What only a connection shows is not in them; every check that needs no more finds what it finds live.
  for (const [folder, least] of [
    [byHand, 8],
    [info, 1],
  ] as const) {
    const seen = checksOf(await examined('--from', folder)).filter(({ result }) => result !== 'skipped');
    assert.ok(seen.length >= least, `${folder}: ${seen.length}`);
    for (const check of seen)
      assert.deepEqual(check.findings, checksOf(live).find(({ id }) => id === check.id)?.findings);
  }
});

test('no secret byte of the cluster is in the recording', async () => {
  const dump = file('secrets.tar.gz');
  await airgap('dump', '-o', dump);
  const bytes = gunzipSync(readFileSync(dump)).toString('latin1');
  const held = JSON.parse(await cluster.kubectl(['get', 'secrets', '-A', '-o', 'json'])) as {
    items: { data?: Record<string, string> }[];
  };
  const values = held.items.flatMap(({ data }) =>
    Object.values(data ?? {}).map((value) => Buffer.from(value, 'base64')),
  );
  const whole = [
    Buffer.from(secret),
    Buffer.from(robot.keyPem.split('\n')[1] ?? ''),
    ...values.filter((value) => !value.includes('CERTIFICATE')),
  ];
  const forms = whole.flatMap((value) => [
    value.toString('latin1'),
    value.toString('base64').replace(/=+$/, ''),
    encodeURIComponent(value.toString('utf8')),
    JSON.stringify(value.toString('utf8')).slice(1, -1),
  ]);
  assert.ok(forms.length > 8);
  for (const form of forms) assert.ok(!bytes.includes(form), form);
  assert.ok(bytes.includes('r.corp'));
  assert.ok(bytes.includes(Buffer.from(robot.pem).toString('base64').slice(0, 100)));
});
