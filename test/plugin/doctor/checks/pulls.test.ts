import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, examine, image, lines, pod, secret, type Situation } from '../pulls/situation.ts';

const host = 'registry.example.com';
const pull = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": `;
const refused = `${pull}failed to do request: Head "https://${host}/v2/team/app/manifests/1.0": dial tcp 192.0.2.10:443: connect: connection refused`;
const noLogin = `${pull}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`;
const onRefused = `error net-refused certain container ${host} ${image}`;
const backOff = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` };

type Case = readonly [title: string, situation: Situation, ...expected: string[]];

const waiting: readonly Case[] = [
  ['nothing', {}],
  ['a pod that runs', { pods: [pod('app/a', { running: true, phase: 'Running' })] }],
  [
    'a pod that waits for something else',
    { pods: [pod('app/a', { reason: 'CreateContainerConfigError', message: 'secret "x" not found' })] },
  ],
  ['a refused connection', { pods: [pod('app/a', { message: refused })] }, `${onRefused} app/a (main)`],
  [
    'the same fault twice is one finding',
    { pods: [pod('app/a', { message: refused }), pod('ci/b', { message: refused })] },
    `${onRefused} app/a (main), ci/b (main)`,
  ],
  [
    'a finished pod does not count',
    {
      pods: [
        pod('app/a', { message: refused, phase: 'Succeeded' }),
        pod('app/b', { message: refused, phase: 'Failed' }),
      ],
    },
  ],
  ['a pod that is being deleted does not count', { pods: [pod('app/a', { message: refused, deleted: true })] }],
  [
    'an init container',
    { pods: [pod('app/a', { message: refused, scope: 'init' })] },
    `error net-refused certain init ${host} ${image} app/a (main)`,
  ],
  [
    'an ephemeral container in a pod that runs',
    { pods: [pod('app/a', { message: refused, scope: 'ephemeral', phase: 'Running' })] },
    `error net-refused certain ephemeral ${host} ${image} app/a (main)`,
  ],
  [
    'an image volume shows in the status of its container',
    {
      pods: [
        pod('app/a', {
          ...backOff,
          message:
            'Back-off pulling image "registry.example.com/models:1": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.com/models:1": failed to resolve image: registry.example.com/models:1: not found',
          volume: 'registry.example.com/models:1',
        }),
      ],
    },
    `error image-not-found certain volume ${host} registry.example.com/models:1 app/a (main)`,
  ],
  [
    'an image volume that cannot be mounted',
    {
      pods: [
        pod('app/a', {
          reason: 'CreateContainerError',
          message:
            'ImageVolumeMountFailed: sub path "x" does not exist in OCI artifact volume "registry.example.com/models:1"',
          volume: 'registry.example.com/models:1',
        }),
      ],
    },
    `error image-volume certain volume - registry.example.com/models:1 app/a (main)`,
  ],
  [
    'a back-off that kept its reason',
    { pods: [pod('app/a', { ...backOff, message: `${backOff.message}: ErrImagePull: ${refused}` })] },
    `${onRefused} app/a (main)`,
  ],
  [
    'a back-off that lost its reason',
    { pods: [pod('app/a', backOff)] },
    `error cause-lost certain container ${host} ${image} app/a (main)`,
  ],
  [
    'an event knows the reason',
    {
      pods: [pod('app/a', backOff)],
      events: [
        event('app/a', 'Failed', `Failed to pull image "${image}": rpc error: code = Unknown desc = ${refused}`),
      ],
    },
    `${onRefused} app/a (main)`,
  ],
  [
    'the newest event counts',
    {
      pods: [pod('app/a', backOff)],
      events: [
        event('app/a', 'Failed', `Failed to pull image "${image}": ${refused}`, { last: '2026-01-02T00:00:00Z' }),
        event('app/a', 'Failed', `Failed to pull image "${image}": ${noLogin}`),
      ],
    },
    `${onRefused} app/a (main)`,
  ],
  [
    'an event about another container does not count',
    {
      pods: [pod('app/a', backOff)],
      events: [
        event('app/a', 'Failed', `Failed to pull image "${image}": ${refused}`, { field: 'spec.containers{other}' }),
      ],
    },
    `error cause-lost certain container ${host} ${image} app/a (main)`,
  ],
  [
    'an event about a predecessor of the same name does not count',
    {
      pods: [pod('app/a', backOff)],
      events: [event('app/a', 'Failed', `Failed to pull image "${image}": ${refused}`, { uid: 'older' })],
    },
    `error cause-lost certain container ${host} ${image} app/a (main)`,
  ],
  [
    'events of a pod that has recovered do not count',
    {
      pods: [pod('app/a', { running: true, phase: 'Running' })],
      events: [event('app/a', 'Failed', `Failed to pull image "${image}": ${refused}`)],
    },
  ],
  [
    'where secrets may not be read, an event tells of a missing one',
    {
      gaps: { secrets: { why: 'forbidden', reason: 'may not list secrets' } },
      pods: [pod('app/a', { message: noLogin, secrets: ['login'] })],
      events: [
        event(
          'app/a',
          'FailedToRetrieveImagePullSecret',
          'Unable to retrieve some image pull secrets (login); attempting to pull the image may not succeed.',
          { field: '' },
        ),
      ],
    },
    `error auth-required certain container ${host} ${image} app/a (main)`,
    `error pull-secret-missing certain container ${host} ${image} app/a (main)`,
  ],
  [
    'a name that is none',
    {
      pods: [
        pod('app/a', {
          image: 'App:',
          reason: 'InvalidImageName',
          message:
            'Failed to apply default image tag "App:": couldn\'t parse image name "App:": invalid reference format: repository name must be lowercase',
        }),
      ],
    },
    'error invalid-image-name certain container - App: app/a (main)',
  ],
  [
    'never pull, on a kubelet that checks who pulled',
    {
      pods: [
        pod('app/a', {
          reason: 'ErrImageNeverPull',
          message: `Container image "${image}" is not present with pull policy of Never`,
        }),
      ],
    },
    `error never-pull likely container - ${image} app/a (main)`,
    `error never-pull-unverified likely container - ${image} app/a (main)`,
  ],
  [
    'never pull, on an older kubelet',
    {
      kubelet: 'v1.30.1',
      pods: [
        pod('app/a', {
          reason: 'ErrImageNeverPull',
          message: `Container image "${image}" is not present with pull policy of Never`,
        }),
      ],
    },
    `error never-pull certain container - ${image} app/a (main)`,
  ],
  [
    'a 401 to a pod without pull secrets leaves open whether a login was sent',
    {
      pods: [
        pod('app/a', {
          message: `${pull}unexpected status from HEAD request to https://${host}/v2/team/app/manifests/1.0: 401 Unauthorized`,
        }),
      ],
    },
    `error auth-denied likely container ${host} ${image} app/a (main)`,
    `error auth-required likely container ${host} ${image} app/a (main)`,
  ],
  [
    'a 401 to a pod with a pull secret is a refusal',
    {
      pods: [
        pod('app/a', {
          secrets: ['login'],
          message: `${pull}unexpected status from HEAD request to https://${host}/v2/team/app/manifests/1.0: 401 Unauthorized`,
        }),
      ],
    },
    `error auth-denied certain container ${host} ${image} app/a (main)`,
  ],
  [
    'what CRI-O says of every 401 is a missing login where the pod brings none',
    {
      runtime: 'cri-o://1.34.0',
      pods: [
        pod('app/a', {
          message: `initializing source docker://${image}: reading manifest 1.0 in ${host}/team/app: unauthorized`,
        }),
      ],
    },
    `error auth-required certain container ${host} ${image} app/a (main)`,
  ],
  [
    'what a registry says cannot deny that a pull has failed',
    {
      pods: [
        pod('app/a', {
          message: `${pull}unexpected status from HEAD request to https://${host}/v2/team/app/manifests/1.0: 403 Forbidden\ndenied: pulling is forbidden: network is not ready`,
        }),
      ],
    },
    `error auth-denied certain container ${host} ${image} app/a (main)`,
  ],
  [
    'unknown words are kept',
    { pods: [pod('app/a', { message: 'the moon is in the wrong phase' })] },
    `error unclassified guess container ${host} ${image} app/a (main)`,
  ],
  [
    'on containerd 2 a public image that is not found may be missing in the mirror',
    {
      pods: [
        pod('app/a', {
          image: 'redis:7',
          message:
            'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/redis:7": failed to resolve image: docker.io/library/redis:7: not found',
        }),
      ],
    },
    'error image-not-found likely container docker.io redis:7 app/a (main)',
    'error mirror-miss likely container docker.io redis:7 app/a (main)',
  ],
  [
    'on containerd 1.7 it is missing at its source',
    {
      runtime: 'containerd://1.7.29',
      pods: [
        pod('app/a', {
          image: 'redis:7',
          message:
            'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/redis:7": failed to resolve reference "docker.io/library/redis:7": docker.io/library/redis:7: not found',
        }),
      ],
    },
    'error image-not-found certain container docker.io redis:7 app/a (main)',
  ],
  [
    'the limit of the kubelet is a warning',
    { pods: [pod('app/a', { message: 'pull QPS exceeded' })] },
    `warning kubelet-qps certain container - ${image} app/a (main)`,
  ],
  [
    'errors come before warnings, and what concerns more pods before what concerns fewer',
    {
      pods: [
        pod('app/a', { message: 'pull QPS exceeded' }),
        pod('app/b', { message: noLogin }),
        pod('app/c', { message: refused }),
        pod('app/d', { message: refused }),
      ],
    },
    `${onRefused} app/c (main), app/d (main)`,
    `error auth-required certain container ${host} ${image} app/b (main)`,
    `warning kubelet-qps certain container - ${image} app/a (main)`,
  ],
];

const created = { reason: 'ContainerCreating' };
const pause = 'registry.k8s.io/pause:3.10';
const noPause = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.example.com/pause:3.10": failed to pull image "registry.example.com/pause:3.10": failed to pull and unpack image "registry.example.com/pause:3.10": failed to resolve image: registry.example.com/pause:3.10: not found`;
const noPauseOutside = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "5d3c9a": failed to get sandbox image "${pause}": failed to pull image "${pause}": failed to pull and unpack image "${pause}": failed to resolve image: failed to do request: Head "https://registry.k8s.io/v2/pause/manifests/3.10": dial tcp: lookup registry.k8s.io on 192.0.2.53:53: no such host`;
const onPod = { field: '' };

const sandboxes: readonly Case[] = [
  [
    'no sandbox image',
    { pods: [pod('app/a', created)], events: [event('app/a', 'FailedCreatePodSandBox', noPause, onPod)] },
    `error image-not-found certain sandbox ${host} registry.example.com/pause:3.10 app/a`,
  ],
  [
    'a pod without any status yet',
    { pods: [pod('app/a', { silent: true })], events: [event('app/a', 'FailedCreatePodSandBox', noPause, onPod)] },
    `error image-not-found certain sandbox ${host} registry.example.com/pause:3.10 app/a`,
  ],
  [
    'a sandbox image on the internet',
    { pods: [pod('app/a', created)], events: [event('app/a', 'FailedCreatePodSandBox', noPauseOutside, onPod)] },
    `error dns-not-found likely sandbox registry.k8s.io ${pause} app/a`,
    `error mirror-config likely sandbox registry.k8s.io ${pause} app/a`,
  ],
  [
    'a pod that has recovered',
    {
      pods: [pod('app/a', { running: true, phase: 'Running' })],
      events: [event('app/a', 'FailedCreatePodSandBox', noPause, onPod)],
    },
  ],
  [
    'a pod whose containers have come as far as their own images',
    { pods: [pod('app/a', { message: refused })], events: [event('app/a', 'FailedCreatePodSandBox', noPause, onPod)] },
  ],
  [
    'the network plugin is no image',
    {
      pods: [pod('app/a', created)],
      events: [
        event(
          'app/a',
          'FailedCreatePodSandBox',
          'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "5d3c": plugin type="calico" failed (add): Get "https://10.96.0.1:443/apis": x509: certificate signed by unknown authority',
          onPod,
        ),
      ],
    },
  ],
  [
    'a timeout of the runtime is no image',
    {
      pods: [pod('app/a', created)],
      events: [
        event(
          'app/a',
          'FailedCreatePodSandBox',
          'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
          onPod,
        ),
      ],
    },
  ],
];

const opaque = { type: 'Opaque', data: { password: btoa('x') } };
const why = 'pull-secret-missing certain';
const secrets: readonly Case[] = [
  [
    'a good secret',
    { pods: [pod('app/a', { running: true, secrets: ['login'] })], secrets: [secret('app/login', [host])] },
  ],
  [
    'a missing secret of a pod that runs',
    { pods: [pod('app/a', { running: true, secrets: ['login'] })], secrets: [secret('app/other', [host])] },
    `warning ${why} - - - app/a`,
  ],
  [
    'a missing secret of a pod that waits',
    { pods: [pod('app/a', { message: noLogin, secrets: ['login'] })], secrets: [secret('app/other', [host])] },
    `error ${why} - - - app/a`,
  ],
  [
    'a secret of the wrong type',
    { pods: [pod('app/a', { message: noLogin, secrets: ['login'] })], secrets: [secret('app/login', [], opaque)] },
    `error ${why} - - - app/a`,
  ],
  [
    'a secret that is not JSON',
    {
      pods: [pod('app/a', { message: noLogin, secrets: ['login'] })],
      secrets: [secret('app/login', [], { data: { '.dockerconfigjson': btoa('{auths') } })],
    },
    `error ${why} - - - app/a`,
  ],
  [
    'a secret without an entry for the host',
    {
      pods: [pod('app/a', { message: noLogin, secrets: ['login'] })],
      secrets: [secret('app/login', ['other.example.com'])],
    },
    `error ${why} container ${host} ${image} app/a (main)`,
  ],
  [
    'a secret for another port',
    {
      pods: [pod('app/a', { message: noLogin, secrets: ['login'] })],
      secrets: [secret('app/login', [`${host}:5000`])],
    },
    `error ${why} container ${host} ${image} app/a (main)`,
  ],
  [
    'a secret for the host, and a registry that refuses it',
    { pods: [pod('app/a', { message: noLogin, secrets: ['login'] })], secrets: [secret('app/login', [host])] },
  ],
  [
    'a secret that is not needed for what is wrong',
    {
      pods: [pod('app/a', { message: refused, secrets: ['login'] })],
      secrets: [secret('app/login', ['other.example.com'])],
    },
  ],
  [
    'two pods, two namespaces, one name',
    {
      pods: [pod('app/a', { running: true, secrets: ['login'] }), pod('ci/a', { running: true, secrets: ['login'] })],
      secrets: [secret('lib/x', [])],
    },
    `warning ${why} - - - app/a`,
    `warning ${why} - - - ci/a`,
  ],
  [
    'a finished pod',
    { pods: [pod('app/a', { phase: 'Succeeded', secrets: ['login'] })], secrets: [secret('lib/x', [])] },
  ],
];

for (const [id, cases] of [
  ['AG-IMG-001', waiting],
  ['AG-IMG-002', sandboxes],
  ['AG-IMG-006', secrets],
] as const)
  for (const [title, situation, ...expected] of cases)
    test(`${id}: ${title}`, () => {
      assert.deepEqual(lines(examine(id, situation)), expected);
    });

const summaryOf = (id: string, situation: Situation): string | undefined => examine(id, situation).findings[0]?.summary;

test('a pull secret that exists in another namespace is said to be there, with the command that copies it', () => {
  const situation = {
    pods: [pod('app/a', { running: true, secrets: ['login'] })],
    secrets: [secret('ci/login', [host])],
  };
  assert.equal(summaryOf('AG-IMG-006', situation), 'pull secret login does not exist in namespace app, only in ci');
  assert.match(
    examine('AG-IMG-006', situation).findings[0]?.remedy.join('\n') ?? '',
    /get secret login -n ci .* apply -n app/,
  );
});

test('nothing that a pull secret holds is in the report', () => {
  const situation = {
    pods: [pod('app/a', { message: noLogin, secrets: ['login'] })],
    secrets: [secret('app/login', ['x.example.com'])],
  };
  const report = JSON.stringify(examine('AG-IMG-006', situation));
  assert.ok(report.includes('login'));
  for (const held of ['s3cret-password', 'puller', btoa('puller:s3cret-password')]) assert.ok(!report.includes(held));
});

test('a login in a message does not reach the report', () => {
  const message = `${pull}failed to do request: Get "https://puller:s3cret@${host}/v2/": dial tcp 192.0.2.10:443: i/o timeout`;
  assert.ok(!JSON.stringify(examine('AG-IMG-001', { pods: [pod('app/a', { message })] })).includes('s3cret'));
});

test('of two likely causes, the evidence says what would decide', () => {
  const message =
    'failed to pull and unpack image "docker.io/library/redis:7": failed to resolve image: docker.io/library/redis:7: not found';
  const { findings } = examine('AG-IMG-001', { pods: [pod('app/a', { image: 'redis:7', message })] });
  assert.equal(findings.length, 2);
  for (const { evidence } of findings) assert.match(evidence.join('\n'), /what would decide it: .*hosts\.toml/);
});

test('no remedy sends anybody to the internet: nothing is copied there, and its names are not made up', () => {
  const unknown =
    'failed to pull and unpack image "ghcr.io/team/app:1": failed to resolve image: failed to do request: Head "https://ghcr.io/v2/team/app/manifests/1": dial tcp: lookup ghcr.io on 192.0.2.53:53: no such host';
  const missing =
    'failed to pull and unpack image "ghcr.io/team/app:2": failed to resolve image: ghcr.io/team/app:2: not found';
  const pods = [
    pod('app/a', { image: 'ghcr.io/team/app:1', message: unknown }),
    pod('app/b', { image: 'ghcr.io/team/app:2', message: missing }),
  ];
  const { findings } = examine('AG-IMG-001', { pods });
  assert.equal(findings.length, 4);
  const commands = findings.flatMap(({ remedy }) => remedy.filter((line) => line.startsWith('$ ')));
  assert.deepEqual(
    commands.filter((line) => /docker:\/\/ghcr\.io|\/etc\/hosts/.test(line)),
    [],
  );
});

test('on k3s and RKE2 the remedies name the files that containerd is made from there', () => {
  const unknown = `${pull}failed to do request: Head "https://${host}/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`;
  const remedyOn = (kubelet: string): string =>
    examine('AG-IMG-001', { kubelet, pods: [pod('app/a', { message: unknown })] }).findings[0]?.remedy.join('\n') ?? '';
  assert.match(
    remedyOn('v1.34.1+k3s1'),
    /\/etc\/rancher\/k3s\/registries\.yaml[^]*systemctl restart k3s[^]*k3s crictl pull/,
  );
  assert.match(remedyOn('v1.34.1+rke2r1'), /\/etc\/rancher\/rke2\/registries\.yaml/);
  assert.match(remedyOn('v1.34.1'), /\/etc\/containerd\/certs\.d/);
});

test('the remedy for a sandbox image says where its reference stands', () => {
  const situation = {
    pods: [pod('app/a', created)],
    events: [event('app/a', 'FailedCreatePodSandBox', noPause, onPod)],
  };
  assert.match(
    examine('AG-IMG-002', situation).findings[0]?.remedy.join('\n') ?? '',
    /containerd config dump .*sandbox/,
  );
});

test('without events the check still runs, and says what it could not see', () => {
  const gaps = { events: { why: 'forbidden', reason: 'may not list events' } } as const;
  const check = examine('AG-IMG-001', { pods: [pod('app/a', { message: refused })], gaps });
  assert.deepEqual([check.result, check.reason, check.findings.length], ['error', 'may not list events', 1]);
});

test('without secrets nothing is said of them', () => {
  const gaps = { secrets: { why: 'forbidden', reason: 'may not list secrets' } } as const;
  const check = examine('AG-IMG-006', { pods: [pod('app/a', { running: true, secrets: ['login'] })], gaps });
  assert.deepEqual([check.result, check.findings.length], ['unknown', 0]);
});

// No clock here and in its like: what goes back over what it has read takes hours on these, and the run ends it.
test('events of 10 MB come to an end', () => {
  const message = '('.repeat(10_000_000);
  const gaps = { secrets: { why: 'forbidden', reason: 'may not list secrets' } } as const;
  const events = ['Failed', 'FailedToRetrieveImagePullSecret', 'FailedCreatePodSandBox'].map((reason) =>
    event('app/a', reason, message),
  );
  for (const id of ['AG-IMG-001', 'AG-IMG-002'])
    examine(id, { gaps, events, pods: [pod('app/a', { message: noLogin }), pod('app/b', created)] });
});

test('the report names the node of each pod', () => {
  const [finding] = examine('AG-IMG-001', { pods: [pod('app/a', { message: refused })] }).findings;
  assert.equal(finding?.objects[0]?.node, 'n1');
  assert.match(finding?.remedy.join('\n') ?? '', /node n1/);
});

test('pods with fields of the wrong type cost nothing but themselves', () => {
  const broken = [
    { metadata: 7, spec: [], status: 'x' },
    { status: { containerStatuses: [{ state: { waiting: { reason: {}, message: 5 } } }] } },
  ];
  assert.equal(examine('AG-IMG-001', { pods: [...broken, pod('app/a', { message: refused })] }).findings.length, 1);
});
