import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Accesses, Order } from '../../../../plugin/supply/mirror/engines/engine.ts';
import { regctl } from '../../../../plugin/supply/mirror/engines/regctl.ts';
import { skopeo } from '../../../../plugin/supply/mirror/engines/skopeo.ts';
import { Secret } from '../../../../shared/registry/secret.ts';
import { digest } from './lock.ts';

const order: Order = {
  source: { host: 'docker.io', path: 'acme/app' },
  target: { host: 'mirror.example:5000', path: 'copy/app' },
  digest: digest('a'),
  tag: '1',
  children: null,
  artifacts: [
    { digest: digest('b'), tag: 'sha256-a.sig' },
    { digest: digest('c'), tag: null },
  ],
};

const login = { kind: 'basic', username: new Secret('somebody'), password: new Secret('correct-horse') } as const;
const accesses = (over: Partial<Accesses> = {}): Accesses => ({
  source: { repository: order.source, plainHttp: false, login: null },
  target: { repository: order.target, plainHttp: true, login },
  ca: undefined,
  signaturePolicy: '/etc/containers/policy.json',
  ...over,
});

test('regctl copies by digest: the image to its tag, and what refers to it after that', () => {
  const copy = ['image', 'copy', '--force-recursive'];
  assert.deepEqual(regctl.calls(order, accesses(), '/x'), [
    [...copy, `docker.io/acme/app@${digest('a')}`, 'mirror.example:5000/copy/app:1'],
    [...copy, `docker.io/acme/app@${digest('b')}`, 'mirror.example:5000/copy/app:sha256-a.sig'],
    [...copy, `docker.io/acme/app@${digest('c')}`, `mirror.example:5000/copy/app@${digest('c')}`],
  ]);
  const children = [
    { digest: digest('d'), platform: 'linux/arm64/v8' },
    { digest: digest('e'), platform: null },
  ];
  assert.deepEqual(regctl.calls({ ...order, children, tag: null, artifacts: [] }, accesses(), '/x'), [
    [
      ...copy,
      '--platforms',
      'linux/arm64/v8',
      '--platforms',
      '',
      `docker.io/acme/app@${digest('a')}`,
      `mirror.example:5000/copy/app@${digest('a')}`,
    ],
  ]);
  const config = JSON.parse(regctl.files(accesses({ ca: 'PEM' }))['regctl.json'] ?? '') as object;
  assert.deepEqual(config, {
    hosts: {
      'docker.io': { tls: 'enabled', regcert: 'PEM' },
      'mirror.example:5000': { tls: 'disabled', regcert: 'PEM', user: 'somebody', pass: 'correct-horse' },
    },
    incDockerCred: false,
  });
});

test('skopeo copies all of an index, or some manifests and then the index alone', () => {
  const general = ['--registries-conf', '/x/registries.conf', 'copy', '--preserve-digests'];
  const after = ['--authfile', '/x/auth.json', '--src-tls-verify=true', '--dest-tls-verify=false'];
  const from = `docker://docker.io/acme/app@${digest('a')}`;
  const [image, , bill] = skopeo.calls(order, accesses(), '/x');
  assert.deepEqual(image, [...general, '--all', ...after, from, 'docker://mirror.example:5000/copy/app:1']);
  assert.equal(bill?.at(-1), `docker://mirror.example:5000/copy/app@${digest('c')}`);
  const children = [{ digest: digest('d'), platform: 'linux/arm64' }];
  const calls = skopeo.calls(
    { ...order, children, artifacts: [] },
    accesses({ ca: 'PEM', signaturePolicy: null }),
    '/x',
  );
  assert.deepEqual(
    calls.map((call) => call.slice(-2)),
    [
      [`docker://docker.io/acme/app@${digest('d')}`, `docker://mirror.example:5000/copy/app@${digest('d')}`],
      [from, 'docker://mirror.example:5000/copy/app:1'],
    ],
  );
  assert.match(
    calls[1]?.join(' ') ?? '',
    /--policy \/x\/policy\.json copy --preserve-digests --multi-arch index-only /,
  );
  assert.match(calls[1]?.join(' ') ?? '', /--src-cert-dir \/x\/certs .*--dest-cert-dir \/x\/certs/);
  const files = skopeo.files(accesses({ ca: 'PEM', signaturePolicy: null }));
  assert.deepEqual(Object.keys(files), ['auth.json', 'registries.conf', 'policy.json', 'certs/ca.crt']);
  const { auths } = JSON.parse(files['auth.json'] ?? '') as { auths: Record<string, { auth: string }> };
  assert.equal(
    Buffer.from(auths['mirror.example:5000/copy/app']?.auth ?? '', 'base64').toString(),
    'somebody:correct-horse',
  );
});

test('no login is ever an argument or in the environment of an engine, whatever it is', () => {
  const text = fc.string({ minLength: 12 });
  const logins = fc.oneof(
    fc.record({ kind: fc.constant('basic' as const), username: text, password: text }),
    fc.record({ kind: fc.constantFrom('identity' as const, 'bearer' as const), token: text }),
  );
  fc.assert(
    fc.property(logins, fc.constantFrom(regctl, skopeo), fc.boolean(), (given, engine, partial) => {
      const values = 'token' in given ? [given.token] : [given.username, given.password];
      const secret =
        given.kind === 'basic'
          ? { kind: given.kind, username: new Secret(given.username), password: new Secret(given.password) }
          : { kind: given.kind, token: new Secret(given.token) };
      const reached = accesses({ source: { repository: order.source, plainHttp: false, login: secret } });
      const children = partial ? [{ digest: digest('d'), platform: 'linux/arm64' }] : null;
      const seen = [
        ...engine.calls({ ...order, children }, reached, '/x').flat(),
        ...Object.values(engine.environment('/x')),
      ];
      for (const value of values) assert.ok(!seen.some((word) => word.includes(value)));
      for (const file of Object.values(engine.files(reached))) assert.ok(file.length > 0);
    }),
  );
});
