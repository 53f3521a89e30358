import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiResponse, Connection } from '../../../../plugin/cluster/connection.ts';
import { anonymous, keychainOf } from '../../../../plugin/registry/keychain.ts';
import { askers } from '../../../../plugin/registry/probe/pod-login.ts';
import { wantedImages } from '../../../../plugin/registry/probe/wanted-images.ts';
import { readNode } from '../../../../shared/kube/node.ts';
import { readPod, type Pod } from '../../../../shared/kube/pod.ts';
import { readDockerConfig } from '../../../../shared/registry/dockerconfig.ts';

const encoded = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64');
const entry = { username: 'u', password: 'p' };
const secrets: Record<string, unknown> = {
  '/api/v1/namespaces/app/secrets/other': {
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': encoded({ auths: { 'other.example': entry } }) },
  },
  '/api/v1/namespaces/app/secrets/login': {
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': encoded({ auths: { 'reg.example': entry } }) },
  },
  '/api/v1/namespaces/app/secrets/old': {
    type: 'kubernetes.io/dockercfg',
    data: { '.dockercfg': encoded({ 'reg.example': entry }) },
  },
};

/** An API server that holds these secrets, forbids `secret`, and has no other. */
const connection = {
  server: new URL('https://api.example'),
  request: async (path: string): Promise<ApiResponse> => {
    const object = secrets[path];
    const status = object === undefined ? (path.endsWith('/secret') ? 403 : 404) : 200;
    const chunks = [Buffer.from(JSON.stringify(object ?? { kind: 'Status' }))];
    return {
      status,
      headers: {},
      body: Object.assign(
        (async function* () {
          yield* chunks;
        })(),
        { destroy: () => undefined },
      ),
    };
  },
} as unknown as Connection;

function waitingPod(pullSecrets: readonly string[], over: object = {}): Pod {
  return readPod({
    metadata: { namespace: 'app', name: 'web' },
    spec: {
      containers: [{ name: 'c', image: 'reg.example/a:1' }],
      imagePullSecrets: pullSecrets.map((name) => ({ name })),
      ...over,
    },
    status: { phase: 'Pending', containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ErrImagePull' } } }] },
  });
}

test('an image is asked for with the first pull secret of the pod that covers it', async () => {
  const own = keychainOf(readDockerConfig(JSON.stringify({ auths: { 'reg.example': entry } })));
  const as = async (pod: Pod, mine = anonymous): Promise<string | undefined> => {
    const ask = askers(connection, mine, new AbortController().signal);
    const [wanted] = wantedImages([pod], []);
    return wanted && (await ask(wanted)).as;
  };
  assert.equal(await as(waitingPod(['other', 'login'])), 'pull secret app/login');
  assert.equal(await as(waitingPod(['missing', 'old'])), 'pull secret app/old');
  assert.equal(await as(waitingPod(['other']), own), 'anonymous');
  assert.equal(await as(waitingPod([]), own), 'anonymous');
  assert.equal(
    await as(waitingPod(['secret', 'login']), own),
    'your own login (the pull secret app/secret cannot be read)',
  );
  assert.equal(await as(waitingPod(['secret'])), 'anonymous (the pull secret app/secret cannot be read)');
  const running = readPod({
    metadata: { namespace: 'app' },
    spec: { containers: [{ name: 'c', image: 'reg.example/a:1' }] },
  });
  assert.equal(await as(running, own), 'your own login');
});

test('each image is wanted once, waiting ones once for each way of asking, for the platforms of its nodes', () => {
  const node = (name: string, architecture: string): ReturnType<typeof readNode> =>
    readNode({ metadata: { name }, status: { nodeInfo: { architecture, operatingSystem: 'linux' } } });
  const running = (image: string, over: object = {}): Pod =>
    readPod({
      metadata: { namespace: 'app' },
      spec: { containers: [{ name: 'c', image }], ...over },
      status: { phase: 'Running' },
    });
  const wanted = wantedImages(
    [
      running('reg.example/b', { nodeName: 'arm' }),
      running('reg.example/b', { nodeName: 'amd' }),
      running('reg.example/a:1', { nodeName: 'amd' }),
      running('not an image', {}),
      readPod({ spec: { containers: [{ image: 'reg.example/done' }] }, status: { phase: 'Succeeded' } }),
      waitingPod(['login'], { nodeName: 'amd' }),
      waitingPod(['login']),
      waitingPod([]),
      readPod({
        metadata: { namespace: 'app' },
        spec: { volumes: [{ name: 'v', image: { reference: 'reg.example/v:1' } }] },
        status: { phase: 'Pending' },
      }),
    ],
    [node('amd', 'amd64'), node('arm', 'arm64'), node('new', '')],
  );
  assert.deepEqual(
    wanted.map(({ image, failing, pullSecrets, platforms }) => [image, failing, pullSecrets.join(), platforms.join()]),
    [
      ['reg.example/a:1', true, '', 'linux/amd64,linux/arm64'],
      ['reg.example/a:1', true, 'login', 'linux/amd64,linux/arm64'],
      ['reg.example/v:1', true, '', 'linux/amd64,linux/arm64'],
      ['reg.example/b', false, '', 'linux/amd64,linux/arm64'],
    ],
  );
});

test('an image that a policy mirrors is wanted under both names', () => {
  const wanted = wantedImages([waitingPod([])], [], (image) => image.replace('reg.example', 'mirror.example'));
  assert.deepEqual(
    wanted.map(({ image, original }) => [image, original]),
    [
      ['mirror.example/a:1', 'reg.example/a:1'],
      ['reg.example/a:1', null],
    ],
  );
});
