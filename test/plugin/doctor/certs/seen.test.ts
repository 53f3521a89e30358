import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiServerCertificates } from '../../../../plugin/doctor/checks/certs-api-server.ts';
import { clocks } from '../../../../plugin/doctor/checks/certs-clock.ts';
import { nodeCertificates } from '../../../../plugin/doctor/checks/certs-files.ts';
import { kubeletCertificates } from '../../../../plugin/doctor/checks/certs-kubelets.ts';
import { issue, type Issued } from '../../../x509.ts';
import { days, examine, verdicts, type Raws } from './examine.ts';

const ca = issue({ cn: 'kubernetes', ca: true, ...days(-100, 3000) });
const server = (from: number, until: number, names = ['IP:10.0.0.1']): Issued =>
  issue({ cn: 'kube-apiserver', names, by: ca, ...days(from, until) });
const admin = (from: number, until: number): Issued =>
  issue({ cn: 'kubernetes-admin', org: 'kubeadm:cluster-admins', by: ca, ...days(from, until) });

function seen(shown: Issued, client = admin(-10, 355), trusted = ca): Raws {
  return {
    kubeconfig: [
      {
        context: 'prod',
        server: 'https://10.0.0.1:6443',
        ca: trusted.pem,
        clientCertificate: client.pem,
        source: '/home/me/.kube/config',
      },
    ],
    'tls-endpoints': [
      { role: 'api-server', host: '10.0.0.1', port: 6443, serverName: '10.0.0.1', chain: [shown.pem], error: '' },
    ],
  };
}
const run = (raws: Raws): string[] => verdicts(examine(apiServerCertificates, raws));

test('an API server and a kubeconfig that fit are fine', () => {
  assert.equal(examine(apiServerCertificates, seen(server(-10, 355))).result, 'ok');
});

test('dates of both sides are judged', () => {
  assert.deepEqual(run(seen(server(-400, -1))), ['cert-expired error certain']);
  assert.deepEqual(run(seen(server(-10, 355), admin(-360, 5))), ['kubeconfig-cert error certain']);
  assert.deepEqual(run(seen(server(-10, 355), admin(-330, 35))), ['kubeconfig-cert warning certain']);
  const [finding] = examine(apiServerCertificates, seen(server(-10, 355), admin(-400, -2))).findings;
  assert.match(
    finding?.summary ?? '',
    /the kubeconfig \(\/home\/me\/\.kube\/config\): the certificate of kubernetes-admin expired on/,
  );
  assert.match(finding?.remedy.join('\n') ?? '', /kubeadm certs renew admin\.conf/);
});

test('trust and names between them are judged', () => {
  const namesake = issue({ cn: 'kubernetes', ca: true, ...days(-1, 3000) });
  assert.deepEqual(run(seen(server(-10, 355), admin(-10, 355), namesake)), ['kubeconfig-cert error certain']);
  const [finding] = examine(apiServerCertificates, seen(server(-10, 355, ['DNS:kubernetes']))).findings;
  assert.match(finding?.summary ?? '', /is not made out for 10\.0\.0\.1 but for kubernetes/);
  assert.match(finding?.remedy.join('\n') ?? '', /--apiserver-cert-extra-sans 10\.0\.0\.1/);
});

test('the CA that pods are given must vouch for the API server as well', () => {
  const old = issue({ cn: 'kubernetes', ca: true, ...days(-1000, 2000) });
  const configmaps = [{ metadata: { namespace: 'app', name: 'kube-root-ca.crt' }, data: { 'ca.crt': old.pem } }];
  const through = seen(server(-10, 355));
  assert.deepEqual(run({ ...through, configmaps }), ['cert-not-signed-by-ca warning guess']);
  const direct = {
    role: 'api-server-address',
    host: '10.0.0.2',
    port: 6443,
    serverName: '10.0.0.2',
    chain: [server(-10, 355).pem],
    error: '',
  };
  assert.deepEqual(run({ ...through, configmaps, 'tls-endpoints': [...(through['tls-endpoints'] ?? []), direct] }), [
    'cert-not-signed-by-ca error certain',
  ]);
});

test('what did not answer is unknown, never ok', () => {
  const silent = { role: 'api-server', host: 'api', port: 6443, chain: [], error: 'no answer within 3 s' };
  const row = examine(apiServerCertificates, { ...seen(server(-10, 355)), 'tls-endpoints': [silent] });
  assert.equal(row.result, 'unknown');
  assert.match(row.reason ?? '', /api:6443 \(no answer within 3 s\)/);
});

test('kubelets: one that made its own certificate, one that rotates, one out of reach', () => {
  const selfCa = issue({ cn: 'n1-ca@1700000000', ca: true, ...days(-400, 300) });
  const selfMade = issue({ cn: 'n1@1700000000', names: ['DNS:n1'], by: selfCa, ...days(-400, -35) });
  const rotated = issue({ cn: 'system:node:n2', names: ['DNS:n2'], by: ca, ...days(-340, 25) });
  const kubelet = (node: string, shown: Issued | undefined) => ({
    role: 'kubelet',
    node,
    host: node,
    port: 10250,
    chain: shown === undefined ? [] : [shown.pem],
    error: shown === undefined ? 'no answer within 3 s' : '',
  });
  const nodes = ['n1', 'n2', 'n3'].map((name) => ({ metadata: { name } }));
  const row = (...endpoints: object[]) => examine(kubeletCertificates, { nodes, 'tls-endpoints': endpoints });
  assert.deepEqual(verdicts(row(kubelet('n1', selfMade))), ['kubelet-cert warning certain']);
  assert.deepEqual(verdicts(row(kubelet('n2', rotated))), ['kubelet-cert warning certain']);
  const lost = row(kubelet('n3', undefined), kubelet('n1', issue({ cn: 'n1', by: ca, ...days(-1, 364) })));
  assert.equal(lost.result, 'unknown');
  assert.equal(lost.reason, '1 of 2 kubelets could not be reached from here: n3 at n3:10250 (no answer within 3 s)');
});

test('clocks that differ', () => {
  const clock = (ahead: number) => ({
    role: 'api-server',
    host: 'a',
    port: 1,
    clockAhead: ahead,
  });
  const row = (ahead: number) => examine(clocks, { 'tls-endpoints': [clock(ahead)] });
  assert.equal(row(20_000).result, 'ok');
  assert.deepEqual(verdicts(row(-60_000)), ['clock-skew warning certain']);
  assert.deepEqual(verdicts(row(3_600_000)), ['clock-skew error certain']);
  assert.match(row(3_600_000).findings[0]?.summary ?? '', /is 1 hour ahead of this machine's$/);
  assert.equal(examine(clocks, { 'tls-endpoints': [{ role: 'kubelet' }] }).result, 'unknown');
});

test('files of a kubeadm node, each with the command that renews it', () => {
  const old = (cn: string, by = ca): string => issue({ cn, by, ...days(-364, -1) }).pem;
  const file = (path: string, pem: string) => ({ path, file: `/etc/kubernetes/${path}`, pem });
  const row = examine(nodeCertificates, {
    'pki-files': [
      file('pki/ca.crt', ca.pem),
      file('pki/apiserver.crt', old('kube-apiserver')),
      file('pki/etcd/healthcheck-client.crt', old('health')),
      file('scheduler.conf', old('system:kube-scheduler')),
      file('pki/kubelet-client-2025-01-01-00-00-00.pem', old('system:node:n1')),
      file('pki/kubelet-client-current.pem', old('system:node:n1')),
    ],
  });
  const commands = row.findings.map((finding) => finding.remedy.find((line) => line.startsWith('$')));
  assert.deepEqual(
    new Set(commands),
    new Set([
      '$ sudo journalctl -u kubelet | grep -i certificate | tail -n 20',
      '$ sudo kubeadm certs renew apiserver',
      '$ sudo kubeadm certs renew etcd-healthcheck-client',
      '$ sudo kubeadm certs renew scheduler.conf',
    ]),
  );
});

test('files of k3s and RKE2 are known by their own names', () => {
  const pem = issue({ cn: 'x', by: ca, ...days(-364, -1) }).pem;
  const remedy = (root: string): string =>
    examine(nodeCertificates, {
      'pki-files': [{ path: 'client-admin.crt', file: `${root}/client-admin.crt`, pem }],
    }).findings[0]?.remedy.join('\n') ?? '';
  assert.match(remedy('/var/lib/rancher/k3s/server/tls'), /k3s certificate rotate/);
  assert.match(remedy('/var/lib/rancher/rke2/server/tls'), /rke2 certificate rotate/);
});

test('a front-proxy client that its CA did not sign breaks aggregated APIs', () => {
  const proxyCa = issue({ cn: 'front-proxy-ca', ca: true, ...days(-1, 3000) });
  const client = issue({ cn: 'front-proxy-client', by: proxyCa, ...days(-1, 364) });
  const namesake = issue({ cn: 'front-proxy-ca', ca: true, ...days(-1, 3000) });
  const files = (published: Issued): Raws => ({
    'pki-files': [
      { path: 'front-proxy-client.crt', file: '/pki/front-proxy-client.crt', pem: client.pem },
      { path: 'front-proxy-ca.crt', file: '/pki/front-proxy-ca.crt', pem: published.pem },
    ],
  });
  assert.deepEqual(verdicts(examine(nodeCertificates, files(proxyCa))), []);
  assert.deepEqual(verdicts(examine(nodeCertificates, files(namesake))), ['front-proxy-ca error certain']);
  const configmaps = [
    {
      metadata: { namespace: 'kube-system', name: 'extension-apiserver-authentication' },
      data: { 'requestheader-client-ca-file': namesake.pem },
    },
  ];
  assert.deepEqual(verdicts(examine(nodeCertificates, { ...files(proxyCa), configmaps })), [
    'front-proxy-ca error certain',
  ]);
});

test('a file that cannot be opened makes the check unknown', () => {
  const row = examine(nodeCertificates, {
    'pki-files': [{ path: 'a.crt', file: '/pki/a.crt', error: 'EACCES: permission denied' }],
  });
  assert.deepEqual([row.result, row.reason], ['unknown', '/pki/a.crt: EACCES: permission denied']);
});
