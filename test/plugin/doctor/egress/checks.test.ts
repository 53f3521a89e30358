import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dnsStaysInside } from '../../../../plugin/doctor/checks/egress-dns.ts';
import { noInternetHosts } from '../../../../plugin/doctor/checks/egress-hosts.ts';
import { imagesFromInside } from '../../../../plugin/doctor/checks/egress-images.ts';
import { internetHost, publicResolver } from '../../../../plugin/doctor/egress/internet-hosts.ts';
import { forwardLines, readForwards } from '../../../../shared/kube/corefile.ts';
import { plainUrl, readSource } from '../../../../shared/kube/source.ts';
import { anyText } from '../../../any-text.ts';
import { examine, verdicts } from '../certs/examine.ts';

test('a host is of the internet by whole labels, whatever its case and port', () => {
  assert.equal(internetHost('docker.io'), 'a public registry');
  assert.equal(internetHost('Registry-1.Docker.io:443'), 'a public registry');
  assert.equal(internetHost('raw.githubusercontent.com.'), 'a public code host');
  for (const inside of [
    'notdocker.io',
    'docker.io.corp',
    'io',
    '',
    'my-registry.local',
    '10.0.0.1:5000',
    'microsoft.com',
  ])
    assert.equal(internetHost(inside), undefined, inside);
});

test('a public resolver is known however CoreDNS writes it', () => {
  for (const one of ['8.8.8.8', '8.8.8.8:53', 'tls://9.9.9.9', 'tls://1.1.1.1:853', '[2620:fe::fe]:53', '2620:fe::fe'])
    assert.ok(publicResolver(one) !== undefined, one);
  for (const one of ['/etc/resolv.conf', '10.0.0.53', '8.8.8.80', 'dns://10.8.8.8:53', '[fd00::53]:53', ''])
    assert.equal(publicResolver(one), undefined, one);
});

const meta = (name: string): object => ({ namespace: 'apps', name });

test('sources of Flux, services and webhooks that lead to the internet', () => {
  const row = examine(noInternetHosts, {
    gitrepositories: [
      { metadata: meta('podinfo'), spec: { url: 'https://user:hunter2@github.com/x/podinfo?token=hunter2' } },
      { metadata: meta('own'), spec: { url: 'ssh://git@git.corp.example/x' } },
      { metadata: meta('old'), spec: { url: 'https://github.com/x/y', suspend: true } },
    ],
    ocirepositories: [{ metadata: meta('charts'), spec: { url: 'oci://ghcr.io/x/charts' } }],
    helmrepositories: [{ metadata: meta('jetstack'), spec: { url: 'https://charts.jetstack.io' } }],
    services: [
      { metadata: meta('mirror'), spec: { type: 'ExternalName', externalName: 'registry-1.docker.io' } },
      { metadata: meta('db'), spec: { type: 'ExternalName', externalName: 'db.corp.example' } },
    ],
    validatingwebhookconfigurations: [
      {
        metadata: { name: 'scan' },
        webhooks: [{ name: 'a.b', clientConfig: { url: 'https://scan.github.io/validate' } }],
      },
    ],
  });
  assert.deepEqual(row.findings.map(({ host, objects }) => `${host} ${objects[0]?.name}`).toSorted(), [
    'charts.jetstack.io jetstack',
    'ghcr.io charts',
    'github.com podinfo',
    'registry-1.docker.io mirror',
    'scan.github.io scan',
  ]);
  assert.doesNotMatch(JSON.stringify(row), /hunter2/);
  const git = row.findings.find(({ host }) => host === 'github.com');
  assert.deepEqual(git?.evidence, ['GitRepository apps/podinfo: spec.url is https://github.com/x/podinfo']);
  assert.ok(git.remedy.includes('$ kubectl -n apps edit gitrepository podinfo'));
});

// As fast-check's own `webUrl`, which first builds a table of all the million characters that a path may hold.
const character = fc.oneof(
  anyText({ maxLength: 3 }).map(encodeURIComponent),
  fc.constantFrom(..."-._~!$&'()*+,;=:@/".split('')),
);
const piece = fc.array(character, { maxLength: 8 }).map((characters) => characters.join(''));
const urls = fc
  .tuple(fc.constantFrom('http', 'https'), fc.domain(), piece, fc.option(piece), fc.option(piece))
  .map(
    ([scheme, host, path, query, fragment]) =>
      `${scheme}://${host}/${path}${query === null ? '' : `?${query}`}${fragment === null ? '' : `#${fragment}?`}`,
  );

test('an address is shown without a login, and its host is found', () => {
  const read = (url: string) => readSource('GitRepository')({ metadata: {}, spec: { url } });
  assert.equal(read('git@github.com:x/y.git').host, 'github.com');
  assert.equal(read('ssh://git@git.corp:2222/x').host, 'git.corp:2222');
  assert.equal(read('oci://ghcr.io/x').host, 'ghcr.io');
  assert.equal(readSource('Bucket')({ spec: { endpoint: 'minio.corp:9000' } }).host, 'minio.corp:9000');
  fc.assert(
    fc.property(urls, (url) => {
      const plain = plainUrl(url.replace('://', '://user:hunter2@'));
      assert.doesNotMatch(plain, /hunter2|[?#]/);
      assert.equal(plainUrl(plain), plain);
    }),
  );
});

test('images of public registries are told once for each, and only where no policy looks', () => {
  const pod = (namespace: string, name: string, image: string): object => ({
    metadata: { namespace, name },
    spec: { containers: [{ name: 'app', image }] },
  });
  const pods = [
    pod('shop', 'a', 'nginx'),
    pod('shop', 'b', 'redis:7'),
    pod('shop', 'c', 'quay.io/x/y'),
    pod('shop', 'd', 'my-registry.local/z'),
  ];
  const row = examine(imagesFromInside, { pods });
  assert.deepEqual(verdicts(row), ['image-from-internet warning likely', 'image-from-internet warning likely']);
  assert.deepEqual(row.findings[0]?.evidence, ['docker.io/library/nginx', 'docker.io/library/redis:7']);
  const policy = { apiVersion: 'airgap.dev/v1alpha1', kind: 'AirgapPolicy', metadata: { name: 'p' }, spec: {} };
  assert.deepEqual(verdicts(examine(imagesFromInside, { pods, airgappolicies: [policy] })), []);
});

const corefile = `.:53 {
    errors
    # forward . 1.1.1.1
    forward . 8.8.8.8 10.0.0.53 {
        max_concurrent 1000
    }
    cache 30
}
corp.example:53 { forward . 10.0.0.1 }
forward lab.example /etc/resolv.conf # as the node
`;

test('CoreDNS that asks a public resolver', () => {
  const config = (text: string): object => ({
    metadata: { namespace: 'kube-system', name: 'coredns' },
    data: { Corefile: text },
  });
  const row = examine(dnsStaysInside, { configmaps: [config(corefile)] });
  assert.deepEqual(verdicts(row), ['dns-forwards-out warning certain']);
  assert.match(row.findings[0]?.summary ?? '', /for the zone \. on to 8\.8\.8\.8 \(Google\), which/);
  assert.deepEqual(row.findings[0]?.evidence, ['forward . 8.8.8.8 10.0.0.53']);
  assert.equal(
    examine(dnsStaysInside, { configmaps: [config('.:53 {\n forward . /etc/resolv.conf\n}')] }).result,
    'ok',
  );
});

test('what is left of a Corefile reads the same, and as nothing more', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('forward . 8.8.8.8', ' proxy x 1.1.1.1 {', '}', 'hosts { a }', '#forward . x', 'forward', ''),
      ),
      (lines) => {
        const text = lines.join('\n');
        const left = forwardLines(text).join('\n');
        assert.deepEqual(readForwards(left), readForwards(text));
        assert.equal(forwardLines(left).join('\n'), left);
      },
    ),
  );
});
