import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistries } from '../../../../plugin/registry/client.ts';
import { anonymous, keychainOf, type Keychain } from '../../../../plugin/registry/keychain.ts';
import { parseNamedHost } from '../../../../plugin/registry/named-hosts.ts';
import { probeRegistries } from '../../../../plugin/registry/probe/probe-registries.ts';
import { wantedImages, type WantedImage } from '../../../../plugin/registry/probe/wanted-images.ts';
import { once } from '../../../../plugin/registry/retry.ts';
import { openWire, patience } from '../../../../plugin/registry/wire.ts';
import { readDockerConfig } from '../../../../shared/registry/dockerconfig.ts';
import { readNode } from '../../../../shared/kube/node.ts';
import { readPod } from '../../../../shared/kube/pod.ts';
import { readRegistryProbe, type ImageProbe, type RegistryProbe } from '../../../../shared/registry/probe.ts';
import {
  closedPort,
  fakePort,
  fakeRegistry,
  json,
  refuse,
  sha256,
  tinyImage,
  type FakeRequest,
  type Handler,
} from '../../../fake/registry.ts';
import { issue } from '../../../x509.ts';

const hour = 3_600_000;
const authority = issue({ cn: 'test authority', ca: true });
/** Only the one server that never answers is waited for; a busy machine has to manage a handshake in this time. */
const wire = openWire({ ca: authority.pem, patience: { ...patience, tls: 400 } });
test.after(() => wire.close());

const node = readNode({
  metadata: { name: 'n' },
  status: { nodeInfo: { architecture: 'amd64', operatingSystem: 'linux' } },
});

/** The images of one pod that waits for all of them. */
function waitingFor(images: readonly string[]): WantedImage[] {
  const name = (at: number): string => `c${at}`;
  const pod = readPod({
    metadata: { namespace: 'app', name: 'web' },
    spec: { nodeName: 'n', containers: images.map((image, at) => ({ name: name(at), image })) },
    status: {
      phase: 'Pending',
      containerStatuses: images.map((_, at) => ({
        name: name(at),
        state: { waiting: { reason: 'ImagePullBackOff' } },
      })),
    },
  });
  return wantedImages([pod], [node]);
}

async function probe(
  named: readonly string[],
  images: readonly string[] = [],
  logins: { own?: Keychain; pod?: Keychain } = {},
): Promise<readonly RegistryProbe[]> {
  const own = logins.own ?? anonymous;
  const hosts = named.map(parseNamedHost);
  const signal = new AbortController().signal;
  const { probes, unasked } = await probeRegistries({
    wire,
    registries: openRegistries({ named: hosts, keychain: own, wire, persistence: once, signal }),
    named: hosts,
    images: waitingFor(images),
    own,
    askers: async () => ({ keychain: logins.pod ?? anonymous, as: 'pull secret app/regcred' }),
    now: new Date(),
    signal,
  });
  assert.equal(unasked, 0);
  // A dump holds the document as JSON, and reads it back to the same facts.
  for (const one of probes) assert.deepEqual(readRegistryProbe(JSON.parse(JSON.stringify(one))), one);
  return probes;
}

/** `ok` rungs by name, the broken one with its fault. */
const climbed = (steps: RegistryProbe['steps']): string =>
  steps.map(({ step, fault }) => (fault === null ? step : `${step}!${fault}`)).join(' ');

test('the rungs of a host, up to the one that breaks', async () => {
  const names = ['IP:127.0.0.1'];
  const other = issue({ cn: 'another authority', ca: true });
  const tls = async (wanted: Parameters<typeof issue>[0]): Promise<[string, number]> => {
    await using registry = await fakeRegistry({ tls: [issue(wanted)] });
    const [result] = await probe([registry.host]);
    assert.ok(result);
    return [climbed(result.steps), result.certificates.length];
  };
  const past = { from: new Date(Date.now() - 9 * hour), until: new Date(Date.now() - hour) };
  assert.deepEqual(await tls({ names, by: authority }), ['resolve connect tls chain dates names http', 1]);
  assert.deepEqual((await tls({ names, by: authority, ...past }))[0], 'resolve connect tls chain dates!expired names');
  assert.deepEqual(
    (await tls({ names, by: authority, from: new Date(Date.now() + hour) }))[0],
    'resolve connect tls chain dates!not-yet-valid names',
  );
  assert.deepEqual(
    (await tls({ names: ['DNS:a.example'], by: other, ...past }))[0],
    'resolve connect tls chain!unknown-authority dates!expired names!wrong-name',
  );
  assert.deepEqual(
    (await tls({ cn: '127.0.0.1', by: authority }))[0],
    'resolve connect tls chain dates names!common-name-only',
  );
  assert.deepEqual((await tls({ cn: 'self', names }))[0], 'resolve connect tls chain!unknown-authority dates names');

  await using plain = await fakeRegistry();
  await using silent = await fakePort();
  await using ssh = await fakePort((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  const elsewhere = (host: string): string => host.replace('127.0.0.1', '0.0.0.0');
  const of = async (host: string): Promise<string> => climbed((await probe([host]))[0]?.steps ?? []);
  assert.deepEqual(
    await Promise.all([
      of(plain.host),
      of(elsewhere(plain.host)),
      of(`http://${elsewhere(plain.host)}`),
      of(silent.host),
      of(ssh.host),
      of(await closedPort()),
      of('no-such-host.invalid'),
    ]),
    [
      'resolve connect http',
      'resolve connect tls!plain-http',
      'resolve connect http',
      'resolve connect tls!handshake',
      'resolve connect tls!handshake',
      'resolve connect!refused',
      'resolve!name-not-found',
    ],
  );
  assert.ok(plain.requests.every((line) => line === 'GET /v2/'));
});

const [amd64, arm64] = [tinyImage('linux/amd64'), tinyImage('linux/arm64')];
const index = (children: readonly { digest: string }[]): { mediaType: string; bytes: Buffer } => {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifests = children.map(({ digest }, at) => ({
    digest,
    size: 9,
    mediaType: amd64.manifest.mediaType,
    platform: { os: 'linux', architecture: at === 0 ? 'amd64' : 'arm64' },
  }));
  return { mediaType, bytes: Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })) };
};

/** One waiting image of a registry that serves it wrongly, and how far it came. */
async function image(request: FakeRequest, tag = '1'): Promise<ImageProbe> {
  await using registry = await fakeRegistry(request);
  const [result] = await probe([`http://${registry.host}`], [`${registry.host}/app:${tag}`]);
  assert.ok(result?.images[0], climbed(result?.steps ?? []));
  return result.images[0];
}

test('the rungs of an image that a pod waits for', async () => {
  const manifests = {
    'app:1': amd64.manifest,
    'app:arm': arm64.manifest,
    'app:both': index([amd64, arm64]),
    'app:sparse': index([{ digest: sha256('not mirrored') }]),
    'app:arm-only': index([{ digest: sha256('x') }, arm64].slice(1)),
    [`app@${amd64.digest}`]: amd64.manifest,
  };
  const whole = { manifests, blobs: { ...amd64.blobs, ...arm64.blobs } };
  const blob = (answer: Handler): FakeRequest => ({
    ...whole,
    answers: [[new RegExp(`blobs/${amd64.layer}`), answer]],
  });
  const length = amd64.blobs[amd64.layer]?.length ?? 0;
  const cases: [tag: string, request: FakeRequest, steps: string][] = [
    ['1', whole, 'manifest platforms blobs'],
    ['both', whole, 'manifest platforms blobs'],
    ['arm', whole, 'manifest platforms!platform-missing'],
    ['sparse', whole, 'manifest platforms manifest!not-found'],
    ['2', whole, 'manifest!not-found'],
    ['1', { ...whole, answers: [[/manifests/, json(200, { schemaVersion: 1 })]] }, 'manifest!schema1'],
    ['1', { ...whole, answers: [[/manifests/, json(200, { mediaType: 'application/x' })]] }, 'manifest!media-type'],
    ['1', { manifests, blobs: {} }, 'manifest blobs!not-found'],
    [
      '1',
      blob((_, response) => response.writeHead(200, { 'content-length': 9 }).end('truncated')),
      'manifest platforms blobs!truncated',
    ],
    [
      '1',
      blob(
        (_, response) =>
          void response.writeHead(200, { 'content-length': length }).write('x', () => response.destroy()),
      ),
      'manifest platforms blobs!truncated',
    ],
    [
      '1',
      blob((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'.repeat(99))),
      'manifest platforms blobs!not-a-registry',
    ],
    [
      '1',
      blob((_, response) => response.writeHead(307, { location: 'https://blobs.example/x' }).end()),
      'manifest platforms blobs!host-not-named',
    ],
    [
      '1',
      blob((_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/x' }).end()),
      'manifest platforms blobs!refused',
    ],
  ];
  const seen = await Promise.all(cases.map(async ([tag, request]) => image(request, tag)));
  assert.deepEqual(
    seen.map(({ steps }) => climbed(steps)),
    cases.map(([, , steps]) => steps),
  );
  assert.equal(seen[12]?.steps.at(-1)?.role, 'redirect target');
  assert.deepEqual(seen[1]?.platforms, ['linux/amd64', 'linux/arm64']);
  assert.match(seen[2]?.steps.at(-1)?.detail ?? '', /it has linux\/arm64, and not linux\/amd64/);
});

test('a pod without the login that the user has is told apart from an image that is not there', async () => {
  const right = `Basic ${Buffer.from('robot:hunter2').toString('base64')}`;
  const guard: Handler = (request, response) =>
    request.headers.authorization === right
      ? response.writeHead(200, { 'content-type': amd64.manifest.mediaType }).end(amd64.manifest.bytes)
      : refuse(401, 'UNAUTHORIZED', 'authentication required', { 'www-authenticate': 'Basic realm="r"' })(
          request,
          response,
        );
  await using registry = await fakeRegistry({ answers: [[/./, guard]] });
  const login = (password: string): Keychain =>
    keychainOf(readDockerConfig(JSON.stringify({ auths: { [registry.host]: { username: 'robot', password } } })));
  const ask = async (logins: {
    own?: Keychain;
    pod?: Keychain;
  }): Promise<[string, string, boolean | null | undefined]> => {
    const [result] = await probe([`http://${registry.host}`], [`${registry.host}/app:1`], logins);
    return [
      climbed(result?.steps.slice(-1) ?? []),
      climbed(result?.images[0]?.steps.slice(0, 1) ?? []),
      result?.images[0]?.ownLogin,
    ];
  };
  assert.deepEqual(await ask({}), ['login', 'manifest!unauthorized', null]);
  assert.deepEqual(await ask({ own: login('hunter2') }), ['login', 'manifest!unauthorized', true]);
  assert.deepEqual(await ask({ own: login('hunter2'), pod: login('wrong') }), ['login', 'manifest!denied', true]);
  assert.deepEqual(await ask({ own: login('wrong'), pod: login('hunter2') }), ['login!denied', 'manifest', null]);
});
