import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiCertificates } from '../../../../plugin/doctor/checks/certs-apis.ts';
import { managedCertificates } from '../../../../plugin/doctor/checks/certs-cert-manager.ts';
import { configMapCertificates } from '../../../../plugin/doctor/checks/certs-config-maps.ts';
import { issuers } from '../../../../plugin/doctor/checks/certs-issuers.ts';
import { registryCertificates } from '../../../../plugin/doctor/checks/certs-registries.ts';
import { certificateRequests } from '../../../../plugin/doctor/checks/certs-requests.ts';
import { secretCertificates } from '../../../../plugin/doctor/checks/certs-secrets.ts';
import { base64, issue } from '../../../x509.ts';
import { backend, days, examine, now, tlsSecret, verdicts, type Raws } from './examine.ts';

const ca = issue({ cn: 'corp ca', ca: true, ...days(-100, 1000) });
const web = (from: number, until: number) =>
  issue({ cn: 'web', names: ['DNS:web.corp'], by: ca, ...days(from, until) });

const secrets = (...raws: object[]): string[] => verdicts(examine(secretCertificates, { secrets: raws }));

test('certificates in Secrets are judged by their own life', () => {
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': web(-10, 300).pem })), []);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': web(-300, 40).pem })), [
    'cert-expiring warning certain',
  ]);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': web(-360, 5).pem })), ['cert-expiring error certain']);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': web(-360, -5).pem })), ['cert-expired error certain']);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': web(1, 300).pem })), [
    'cert-not-yet-valid error certain',
  ]);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': '' })), ['cert-unreadable error certain']);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'x.pem': web(-360, -5).pem }, { type: 'Opaque' })), [
    'cert-expired error certain',
  ]);
});

test('keys, signatures and names are judged', () => {
  const weak = issue({ cn: 'weak', key: 'rsa1024', ...days(-1, 300) });
  const sha1 = issue({ cn: 'old', hash: 'sha1', by: ca, ...days(-1, 300) });
  const bare = issue({ cn: 'bare', usages: ['server'], by: ca, ...days(-1, 300) });
  assert.deepEqual(secrets(tlsSecret('app', 'a', { 'tls.crt': weak.pem })), ['cert-weak-key warning certain']);
  assert.deepEqual(secrets(tlsSecret('app', 'a', { 'tls.crt': sha1.pem })), ['cert-sha1 error certain']);
  assert.deepEqual(secrets(tlsSecret('app', 'a', { 'tls.crt': bare.pem })), ['cert-no-san warning certain']);
  const root = issue({ cn: 'old root', hash: 'sha1', ca: true, ...days(-1, 3000) });
  assert.deepEqual(secrets(tlsSecret('app', 'a', { 'ca.crt': root.pem }, { type: 'Opaque' })), []);
});

test('a leaf is held against the CA beside it', () => {
  const namesake = issue({ cn: 'corp ca', ca: true, ...days(-1, 900) });
  const stranger = issue({ cn: 'clients', ca: true, ...days(-1, 900) });
  const leaf = web(-10, 300).pem;
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': leaf, 'ca.crt': ca.pem })), []);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': leaf, 'ca.crt': namesake.pem })), [
    'cert-not-signed-by-ca warning likely',
  ]);
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': leaf, 'ca.crt': stranger.pem })), [
    'cert-not-signed-by-ca warning guess',
  ]);
  const short = issue({ cn: 'short ca', ca: true, ...days(-500, 200) });
  const long = issue({ cn: 'long', names: ['DNS:a.b'], by: short, ...days(-1, 364) });
  assert.deepEqual(secrets(tlsSecret('app', 'web', { 'tls.crt': long.pem + short.pem })), [
    'cert-ca-before-leaf warning certain',
  ]);
});

test('one certificate in many Secrets is one finding with every object', () => {
  const { pem } = web(-360, -5);
  const copies = ['a', 'b', 'c'].map((namespace) =>
    tlsSecret(namespace, 'wildcard', { 'tls.crt': pem, 'ca.crt': ca.pem }),
  );
  const { findings } = examine(secretCertificates, { secrets: copies });
  assert.equal(findings.length, 1);
  assert.equal(findings[0]?.objects.length, 3);
  assert.match(
    findings[0].summary,
    /^Secret a\/wildcard, key tls\.crt and 2 more: the certificate of web expired 5 days ago/,
  );
});

test('a controller gets the time that it takes to renew', () => {
  const annotations = { 'cert-manager.io/certificate-name': 'web' };
  const kept = (until: number) => tlsSecret('app', 'web', { 'tls.crt': web(until - 90, until).pem }, { annotations });
  assert.deepEqual(secrets(kept(15)), []);
  assert.deepEqual(secrets(kept(8)), ['cert-expiring warning certain']);
});

test('the same CA in every namespace is one finding, and a trust store is none', () => {
  const old = issue({ cn: 'kubernetes', ca: true, ...days(-3600, 20) });
  const configmaps = ['a', 'b', 'kube-system'].map((namespace) => ({
    metadata: { namespace, name: 'kube-root-ca.crt' },
    data: { 'ca.crt': old.pem, other: 'x' },
  }));
  const { findings } = examine(configMapCertificates, { configmaps });
  assert.equal(findings.length, 1);
  assert.equal(findings[0]?.cause, 'cert-expiring');
  assert.equal(findings[0].objects.length, 3);
  const expired = Array.from({ length: 11 }, (_, n) => issue({ cn: `r${n}`, ca: true, ...days(-900, -1) }).pem).join(
    '',
  );
  const store = { metadata: { namespace: 'a', name: 'trust' }, data: { 'ca-bundle.pem': expired } };
  assert.equal(examine(configMapCertificates, { configmaps: [store] }).result, 'ok');
});

test('an expired front-proxy CA has its own cause, and k3s its own remedy', () => {
  const dead = issue({ cn: 'front-proxy', ca: true, ...days(-3600, -3) });
  const configmaps = [
    {
      metadata: { namespace: 'kube-system', name: 'extension-apiserver-authentication' },
      data: { 'requestheader-client-ca-file': dead.pem, 'client-ca-file': ca.pem },
    },
  ];
  assert.deepEqual(verdicts(examine(configMapCertificates, { configmaps })), ['front-proxy-ca error certain']);
  const nodes = [{ metadata: { name: 'n' }, status: { nodeInfo: { kubeletVersion: 'v1.33.4+k3s1' } } }];
  const [finding] = examine(configMapCertificates, { configmaps, nodes }).findings;
  assert.match(finding?.remedy.join('\n') ?? '', /k3s certificate rotate/);
});

test('cert-manager is asked what it says, and held against its Secret', () => {
  const certificate = (status: object, age = 30) => ({
    metadata: { namespace: 'app', name: 'web', creationTimestamp: days(-age, 0).from.toISOString() },
    spec: { secretName: 'web-tls', issuerRef: { kind: 'ClusterIssuer', name: 'corp' } },
    status,
  });
  const ready = (notAfter: Date, renewalTime: Date) => ({
    notAfter: notAfter.toISOString(),
    renewalTime: renewalTime.toISOString(),
    conditions: [{ type: 'Ready', status: 'True', reason: 'Ready' }],
  });
  const run = (raws: Raws): string[] => verdicts(examine(managedCertificates, raws));
  const leaf = web(-10, 80);
  const stored = [tlsSecret('app', 'web-tls', { 'tls.crt': leaf.pem })];
  const fine = certificate(ready(days(0, 80).until, days(0, 50).until));
  assert.deepEqual(run({ certificates: [fine], secrets: stored }), []);
  assert.deepEqual(run({ certificates: [certificate(ready(days(0, 80).until, days(0, -1).until))], secrets: stored }), [
    'cert-manager-overdue warning certain',
  ]);
  assert.deepEqual(
    run({ certificates: [fine], secrets: [tlsSecret('app', 'web-tls', { 'tls.crt': web(-10, 60).pem })] }),
    ['cert-manager-secret warning certain'],
  );
  assert.deepEqual(run({ certificates: [fine], secrets: [tlsSecret('app', 'other', { 'tls.crt': leaf.pem })] }), [
    'cert-manager-secret error certain',
  ]);
  const failing = {
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'DoesNotExist',
        message: 'Issuing certificate as Secret does not exist',
        lastTransitionTime: days(-1, 0).from.toISOString(),
      },
    ],
  };
  assert.deepEqual(run({ certificates: [certificate(failing)] }), ['cert-manager-not-ready error certain']);
  assert.deepEqual(run({ certificates: [certificate({}, 0)] }), []);
});

test('without cert-manager the check is skipped, without permission it is unknown', () => {
  const gap = { why: 'absent', reason: 'the API server does not serve certificates.cert-manager.io' } as const;
  assert.equal(examine(managedCertificates, {}, { certificates: gap }).result, 'skipped');
  assert.equal(examine(managedCertificates, {}, { certificates: { ...gap, why: 'forbidden' } }).result, 'unknown');
});

test('requests that wait, were refused or were approved for nothing', () => {
  const request = (signerName: string, conditions: object[], minutes: number, certificate?: string) => ({
    metadata: { name: 'csr-1', creationTimestamp: new Date(now.getTime() - minutes * 60_000).toISOString() },
    spec: { signerName, username: 'system:node:n1' },
    status: { conditions, ...(certificate === undefined ? {} : { certificate }) },
  });
  const run = (raw: object): string[] => verdicts(examine(certificateRequests, { certificatesigningrequests: [raw] }));
  assert.deepEqual(run(request('kubernetes.io/kubelet-serving', [], 30)), ['csr-pending error certain']);
  assert.deepEqual(run(request('corp.example/app', [], 30)), ['csr-pending warning certain']);
  assert.deepEqual(run(request('corp.example/app', [], 2)), []);
  assert.deepEqual(run(request('a/b', [{ type: 'Denied', reason: 'No', message: 'not you' }], 1)), [
    'csr-refused warning certain',
  ]);
  assert.deepEqual(run(request('kubernetes.io/kube-apiserver-client', [{ type: 'Approved' }], 30)), [
    'csr-not-issued error certain',
  ]);
  assert.deepEqual(run(request('a/b', [{ type: 'Approved' }], 30, base64(ca.pem))), []);
});

test('aggregated APIs and conversions are judged like webhooks', () => {
  const dead = issue({ cn: 'placeholder', ca: true, ...days(-900, -2) });
  const raws: Raws = {
    ...backend('kube-system', 'metrics', 'metrics-tls'),
    secrets: [
      tlsSecret('kube-system', 'metrics-tls', {
        'tls.crt': issue({ cn: 'm', names: ['DNS:metrics.kube-system.svc'], by: ca, ...days(-1, 300) }).pem,
      }),
    ],
    apiservices: [
      {
        metadata: { name: 'v1beta1.metrics.k8s.io' },
        spec: {
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          service: { namespace: 'kube-system', name: 'metrics' },
          caBundle: base64(issue({ cn: 'x', ca: true, ...days(-1, 900) }).pem),
        },
      },
      { metadata: { name: 'v1.apps' }, spec: { group: 'apps', version: 'v1' } },
      {
        metadata: { name: 'v1.skip' },
        spec: { insecureSkipTLSVerify: true, service: { namespace: 'kube-system', name: 'metrics' } },
      },
    ],
    customresourcedefinitions: [
      {
        metadata: { name: 'addresspools.metallb.io' },
        spec: {
          conversion: {
            strategy: 'Webhook',
            webhook: {
              clientConfig: { service: { namespace: 'metallb-system', name: 'hook' }, caBundle: base64(dead.pem) },
            },
          },
        },
      },
      { metadata: { name: 'plain.example.com' }, spec: { conversion: { strategy: 'None' } } },
    ],
  };
  const row = examine(apiCertificates, raws);
  assert.deepEqual(verdicts(row).toSorted(), [
    'apiservice-unavailable error certain',
    'conversion-webhook error certain',
  ]);
  assert.match(
    row.findings.map((finding) => finding.remedy.join('\n')).join('\n'),
    /kubectl patch customresourcedefinition addresspools\.metallb\.io --type=json/,
  );
});

test('issuers that are not ready, or that ask the internet', () => {
  const issuer = (name: string, spec: object, status: string) => ({
    metadata: { name },
    spec,
    status: { conditions: [{ type: 'Ready', status, reason: 'X', message: 'secret "ca" not found' }] },
  });
  const acme = { acme: { server: 'https://acme-v02.api.letsencrypt.org/directory' } };
  const run = (...raws: object[]): string[] => verdicts(examine(issuers, { clusterissuers: raws }));
  assert.deepEqual(run(issuer('corp', { ca: { secretName: 'ca' } }, 'True')), []);
  assert.deepEqual(run(issuer('corp', { ca: { secretName: 'ca' } }, 'False')), ['cert-manager-issuer error certain']);
  assert.deepEqual(run(issuer('le', acme, 'True')), ['cert-manager-acme warning likely']);
  assert.deepEqual(run(issuer('le', acme, 'False')), ['cert-manager-acme warning certain']);
  assert.deepEqual(run(issuer('step', { acme: { server: 'https://acme.corp/letsencrypt.org' } }, 'True')), []);
});

test('certificates of registries that were probed', () => {
  const probe = (pem: string): Raws => ({
    'registry-probes': [
      { host: 'registry.corp:5000', scheme: 'https', steps: [], certificates: [pem, ca.pem], images: [] },
    ],
  });
  assert.deepEqual(verdicts(examine(registryCertificates, probe(web(-1, 300).pem))), []);
  const [finding] = examine(registryCertificates, probe(web(-360, 4).pem)).findings;
  assert.equal(finding?.cause, 'cert-expiring');
  assert.match(finding.remedy.at(-1) ?? '', /^\$ openssl s_client -connect registry\.corp:5000 /);
});
