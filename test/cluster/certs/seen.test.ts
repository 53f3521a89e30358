import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import forge from 'node-forge';
import { base64, issue, type Issued } from '../../x509.ts';
import { startControlPlane, type ControlPlaneCluster } from '../cluster.ts';
import { waitFor } from '../processes.ts';
import { certificateDefinition } from './cert-manager.ts';
import { causesOf, operatorOf, type Operator } from './operator.ts';

const day = 86_400_000;
const days = (from: number, until: number): { from: Date; until: Date } => ({
  from: new Date(Date.now() + from * day),
  until: new Date(Date.now() + until * day),
});
let cluster: ControlPlaneCluster;
let operator: Operator;
/** The cluster's CA, to issue what kubeadm would. */
let authority: Issued;
before(async () => {
  cluster = await startControlPlane();
  operator = await operatorOf(cluster);
  const keyPem = readFileSync(path.join(cluster.pkiDirectory, 'ca.key'), 'utf8');
  const { subject } = forge.pki.certificateFromPem(cluster.ca);
  const name = Buffer.from(forge.asn1.toDer(forge.pki.distinguishedNameToAsn1(subject)).getBytes(), 'latin1');
  authority = { pem: cluster.ca, keyPem, key: createPrivateKey(keyPem), name };
});
after(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

test('a healthy cluster has no findings, and what it shows is seen', async () => {
  const rows = await operator.doctor(['--pki-dir', cluster.pkiDirectory]);
  const results = new Map(rows.map(({ id, result }) => [id, result]));
  assert.deepEqual(
    rows.flatMap(({ findings }) => findings),
    [],
  );
  for (const id of ['AG-CRT-005', 'AG-CRT-007', 'AG-CRT-009', 'AG-CRT-010', 'AG-WHK-001'])
    assert.equal(results.get(id), 'ok', id);
  assert.equal(results.get('AG-CRT-004'), 'skipped');
});

test('two years later the API server, the kubeconfig and the files of the node have expired', async () => {
  const later = ['--now', new Date(Date.now() + 730 * day).toISOString(), '--pki-dir', cluster.pkiDirectory];
  const rows = await operator.doctor(later);
  const commands = rows.flatMap(({ findings }) =>
    findings.flatMap(({ remedy }) => remedy.filter((line) => line.startsWith('$ sudo kubeadm'))),
  );
  for (const name of ['apiserver', 'admin.conf', 'apiserver-kubelet-client', 'front-proxy-client'])
    assert.ok(commands.includes(`$ sudo kubeadm certs renew ${name}`), `${name} of ${commands.join()}`);
});

test('found and cured: a client certificate that ends soon', async () => {
  const client = (from: number, until: number): string => {
    const issued = issue({
      cn: 'kubernetes-admin',
      org: 'system:masters',
      usages: ['client'],
      by: authority,
      ...days(from, until),
    });
    const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as { users: { user: object }[] };
    config.users[0] = {
      ...config.users[0],
      user: { 'client-certificate-data': base64(issued.pem), 'client-key-data': base64(issued.keyPem) },
    };
    const file = path.join(operator.folder, 'admin.conf');
    writeFileSync(file, JSON.stringify(config));
    return file;
  };
  const near = await operator.findings('kubernetes-admin', ['--kubeconfig', client(-360, 5)]);
  assert.deepEqual(causesOf(near), ['error kubeconfig-cert']);
  assert.ok(near[0]?.remedy.includes('$ sudo kubeadm certs renew admin.conf'));
  assert.deepEqual(await operator.findings('kubernetes-admin', ['--kubeconfig', client(-1, 364)]), []);
});

test('found and cured: files of the node that have expired or that another CA signed', async () => {
  const folder = path.join(operator.folder, 'pki');
  cpSync(cluster.pkiDirectory, folder, { recursive: true });
  const write = (name: string, issued: Issued): void => writeFileSync(path.join(folder, `${name}.crt`), issued.pem);
  const look = async (): Promise<string[]> => causesOf(await operator.findings(folder, ['--pki-dir', folder]));
  write('apiserver-kubelet-client', issue({ cn: 'kube-apiserver-kubelet-client', by: authority, ...days(-365, -1) }));
  write(
    'front-proxy-client',
    issue({ cn: 'front-proxy-client', by: issue({ cn: 'front-proxy-ca', ca: true }), ...days(-1, 364) }),
  );
  assert.deepEqual(await look(), ['error cert-expired', 'error front-proxy-ca']);
  write('apiserver-kubelet-client', issue({ cn: 'kube-apiserver-kubelet-client', by: authority, ...days(-1, 364) }));
  cpSync(path.join(cluster.pkiDirectory, 'front-proxy-client.crt'), path.join(folder, 'front-proxy-client.crt'));
  assert.deepEqual(await look(), []);
});

test('the files are examined also while nothing answers at the API server', async () => {
  const config = readFileSync(cluster.kubeconfig, 'utf8').replace(new URL(cluster.server).port, '1');
  const file = path.join(operator.folder, 'down.conf');
  writeFileSync(file, config);
  const rows = await operator.doctor(['--kubeconfig', file, '--pki-dir', cluster.pkiDirectory]);
  const results = new Map(rows.map(({ id, result }) => [id, result]));
  assert.equal(results.get('AG-CRT-009'), 'ok');
  assert.deepEqual(
    [...results].filter(([id, result]) => id !== 'AG-CRT-009' && result !== 'unknown'),
    [],
  );
});

test('found and cured: Certificates of cert-manager that are late, replaced by hand, or never issued', async () => {
  await cluster.api.apply(certificateDefinition);
  await waitFor(
    'the API of cert-manager is served',
    async () => (await cluster.api.raw('GET', '/apis/cert-manager.io/v1/certificates')).status === 200,
  );
  const ca = issue({ cn: 'issuer', ca: true });
  const leaf = issue({ cn: 'web', names: ['DNS:web.corp'], by: ca, ...days(-80, 10) });
  const renewed = issue({ cn: 'web', names: ['DNS:web.corp'], by: ca, ...days(-1, 89) });
  const at = (date: Date): string => date.toISOString().replace(/\.\d+/, '');
  const status = async (patch: object): Promise<void> => {
    const answer = await cluster.api.raw(
      'PATCH',
      '/apis/cert-manager.io/v1/namespaces/default/certificates/web-cert/status',
      { status: patch },
      'application/merge-patch+json',
    );
    assert.equal(answer.status, 200, answer.text);
  };
  const store = (issued: Issued) =>
    cluster.api.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        namespace: 'default',
        name: 'web-tls',
        annotations: { 'cert-manager.io/certificate-name': 'web-cert' },
      },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(issued.pem), 'tls.key': base64(issued.keyPem) },
    });
  await cluster.api.apply({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { namespace: 'default', name: 'web-cert' },
    spec: { secretName: 'web-tls', issuerRef: { name: 'corp', kind: 'ClusterIssuer' }, dnsNames: ['web.corp'] },
  });
  const failing = {
    type: 'Ready',
    status: 'False',
    reason: 'DoesNotExist',
    message: 'Issuing certificate as Secret does not exist',
    lastTransitionTime: at(days(-1, 0).from),
  };
  await status({ conditions: [failing] });
  assert.deepEqual(
    causesOf(await operator.findings('web-cert', ['--now', new Date(Date.now() + 600_000).toISOString()])),
    ['error cert-manager-not-ready'],
  );

  const ready = {
    ...failing,
    status: 'True',
    reason: 'Ready',
    message: 'Certificate is up to date and has not expired',
  };
  await store(leaf);
  await status({ conditions: [ready], notAfter: at(days(0, 10).until), renewalTime: at(days(0, -20).until) });
  const [late] = await operator.found('web-cert');
  assert.equal(late?.cause, 'cert-manager-overdue');
  await operator.paste(late, /--subresource=status/);
  const issuing = await cluster.kubectl([
    'get',
    'certificate',
    'web-cert',
    '-o',
    'jsonpath={.status.conditions[?(@.type=="Issuing")].status}',
  ]);
  assert.equal(issuing, 'True');

  // What the controller does then; first the Secret alone is brought back from a backup.
  await status({ conditions: [ready], notAfter: at(days(0, 89).until), renewalTime: at(days(0, 60).until) });
  assert.deepEqual(causesOf(await operator.found('web-cert')), ['warning cert-manager-secret']);
  await store(renewed);
  await status({ notAfter: at(new Date(new X509Certificate(renewed.pem).validTo)) });
  await operator.gone('web-cert');
});
