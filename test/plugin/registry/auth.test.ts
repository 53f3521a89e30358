import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistries, type Registries } from '../../../plugin/registry/client.ts';
import { keychainOf, anonymous, type Keychain } from '../../../plugin/registry/keychain.ts';
import { parseNamedHost } from '../../../plugin/registry/named-hosts.ts';
import { once } from '../../../plugin/registry/retry.ts';
import { openWire } from '../../../plugin/registry/wire.ts';
import { readDockerConfig } from '../../../shared/registry/dockerconfig.ts';
import type { Outcome } from '../../../shared/registry/fault.ts';
import {
  closedPort,
  fakeRegistry,
  json,
  refuse,
  tinyImage,
  type FakeRegistry,
  type Handler,
} from '../../fake/registry.ts';

const image = tinyImage();
const wire = openWire();
test.after(() => wire.close());

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const logins = (entry: Record<string, string>): Keychain =>
  keychainOf(readDockerConfig(JSON.stringify({ auths: { '127.0.0.1:*': entry, '*.0.0.1': entry } })));

/** A keychain with one login for whoever asks. */
const always = (entry: Record<string, string>): Keychain => {
  const login = readDockerConfig(JSON.stringify({ auths: { any: entry } })).entries[0]?.login ?? null;
  return () => Promise.resolve(login);
};

const open = (named: readonly string[], keychain: Keychain): Registries =>
  openRegistries({
    // Told to speak plain HTTP, or loopback would be tried with TLS first.
    named: named.map((host, at) => parseNamedHost(at === 0 ? `http://${host}` : host)),
    keychain,
    wire,
    persistence: once,
    signal: new AbortController().signal,
  });

const said = (outcome: Outcome<unknown>): string =>
  outcome.ok ? 'ok' : `${outcome.fault.code} of the ${outcome.fault.role}`;

/** Serves `app:1` to who brings the header, and challenges everybody else. */
function guarded(challenge: () => string, expected: string): Handler {
  return (request, response) => {
    if (request.headers.authorization !== expected)
      refuse(401, 'UNAUTHORIZED', 'authentication required', { 'www-authenticate': challenge() })(request, response);
    else response.writeHead(200, { 'content-type': image.manifest.mediaType }).end(image.manifest.bytes);
  };
}

test('Basic: sent when it is asked for, and a wrong password is told from a missing one', async () => {
  const expected = `Basic ${base64('robot:hunter2')}`;
  await using registry = await fakeRegistry({ answers: [[/./, guarded(() => 'Basic realm="r"', expected)]] });
  const app = { host: registry.host, path: 'app' };
  const ask = async (keychain: Keychain): Promise<string> =>
    said(await open([registry.host], keychain).manifest(app, '1'));
  assert.equal(await ask(always({ username: 'robot', password: 'hunter2' })), 'ok');
  assert.equal(await ask(always({ username: 'robot', password: 'wrong' })), 'denied of the registry');
  assert.equal(await ask(anonymous), 'unauthorized of the registry');
  assert.equal(await ask(logins({ username: 'robot', password: 'x' })), 'unauthorized of the registry');
  const client = open([registry.host], always({ auth: base64('robot:hunter2') }));
  const before = registry.requests.length;
  await client.manifest(app, '1');
  await client.manifest({ ...app, path: 'other' }, '1');
  assert.deepEqual(
    registry.requests.slice(before).map((line) => line.replace('manifests/', '')),
    ['GET /v2/', 'GET /v2/app/1', 'GET /v2/app/1 Basic', 'GET /v2/other/1 Basic'],
    'the second repository brings its login along at once',
  );
});

/** A registry with a token service beside it on the same host; `service` answers the token requests. */
async function withTokens(service: Handler): Promise<FakeRegistry> {
  const registry: FakeRegistry = await fakeRegistry({
    answers: [
      [/ \/token/, service],
      [
        /./,
        guarded(
          () => `Bearer realm="${registry.base}/token",service="reg",scope="repository:app:pull"`,
          'Bearer t0ken',
        ),
      ],
    ],
  });
  return registry;
}

test('Bearer: the token service is asked as the login allows, and its refusals are its own', async () => {
  const asked: string[] = [];
  const bodies: string[] = [];
  const service: Handler = (request, response) => {
    asked.push(
      `${request.method} ${decodeURIComponent(request.url ?? '')} ${request.headers.authorization ?? ''}`.trim(),
    );
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () =>
      json(200, request.method === 'POST' ? { access_token: 't0ken' } : { token: 't0ken' })(request, response),
    );
    request.resume();
  };
  const ask = async (service: Handler, keychain: Keychain): Promise<string> => {
    await using registry = await withTokens(service);
    return said(await open([registry.host], keychain).manifest({ host: registry.host, path: 'app' }, '1'));
  };
  assert.equal(await ask(service, anonymous), 'ok');
  assert.equal(await ask(service, always({ username: 'robot', password: 'hunter2' })), 'ok');
  assert.equal(await ask(service, always({ identitytoken: 'refresh' })), 'ok');
  assert.equal(await ask(service, always({ registrytoken: 't0ken' })), 'ok');
  const query = '/token?service=reg&scope=repository:app:pull';
  assert.deepEqual(asked, [`GET ${query}`, `GET ${query} Basic ${base64('robot:hunter2')}`, 'POST /token']);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(bodies[0])), {
    grant_type: 'refresh_token',
    client_id: 'kubectl-airgap',
    refresh_token: 'refresh',
    service: 'reg',
    scope: 'repository:app:pull',
  });
  assert.equal(await ask(json(200, { token: 'for something else' }), anonymous), 'token-service of the token service');
  assert.equal(await ask(json(200, { token: 'other' }), anonymous), 'unauthorized of the registry');
  assert.equal(
    await ask(json(200, { token: 'other' }), always({ username: 'u', password: 'p' })),
    'denied of the registry',
  );
  assert.equal(await ask(json(200, {}), anonymous), 'token-service of the token service');
  assert.equal(
    await ask(json(401, { details: 'incorrect username or password' }), anonymous),
    'denied of the token service',
  );
  assert.equal(await ask(json(503, {}), anonymous), 'token-service of the token service');
  assert.equal(await ask((_, response) => void response.destroy(), anonymous), 'reset of the token service');
});

test('a token service elsewhere is contacted only when it was named, and never gets a login in the clear', async () => {
  const login = always({ username: 'robot', password: 'hunter2' });
  await using service = await fakeRegistry({ answers: [[/./, json(200, { token: 't0ken' })]] });
  const elsewhere = service.host.replace('127.0.0.1', '0.0.0.0');
  let realm = '';
  await using registry = await fakeRegistry({
    answers: [[/./, guarded(() => `Bearer realm="${realm}"`, 'Bearer t0ken')]],
  });
  const ask = async (named: readonly string[], address: string): Promise<string> => {
    realm = address;
    const outcome = await open([registry.host, ...named], login).manifest({ host: registry.host, path: 'app' }, '1');
    return outcome.ok ? 'ok' : `${outcome.fault.code} ${outcome.fault.detail}`;
  };
  const token = `http://${elsewhere}/token`;
  assert.equal(
    await ask([], token),
    `host-not-named the token service ${elsewhere} is not one of the registries you named; not contacted`,
  );
  assert.match(await ask([elsewhere], token), /^downgrade .* no credentials were sent/);
  assert.deepEqual(service.requests, []);
  assert.equal(await ask([`http://${elsewhere}`], token), 'ok');
  assert.deepEqual(service.requests, ['GET /token?scope=repository%3Aapp%3Apull Basic']);
  assert.match(await ask([], 'https://auth.example/token'), /^host-not-named/);
  assert.match(await ask([], 'not an address'), /^token-service/);
  assert.match(await ask([], `http://user:word@${await closedPort()}/token`), /^refused/);
});

test('a login is not carried to where the registry redirects', async () => {
  await using store = await fakeRegistry({ blobs: image.blobs });
  const expected = `Basic ${base64('robot:hunter2')}`;
  const redirect: Handler = (request, response) =>
    request.headers.authorization === expected
      ? response.writeHead(307, { location: `${store.base}/v2/x/blobs/${image.layer}?signature=s3cret` }).end()
      : guarded(() => 'Basic realm="r"', expected)(request, response);
  await using registry = await fakeRegistry({ answers: [[/./, redirect]] });
  const client = open([registry.host], always({ username: 'robot', password: 'hunter2' }));
  const blob = await client.blob({ host: registry.host, path: 'app' }, image.layer);
  assert.ok(blob.ok);
  assert.equal(blob.value.host, store.host);
  assert.equal(Buffer.concat(await blob.value.stream.toArray()).length, image.blobs[image.layer]?.length);
  assert.deepEqual(store.requests, [`GET /v2/x/blobs/${image.layer}?signature=s3cret`]);
});

test('a challenge of the host that was redirected to gets no login', async () => {
  await using thief = await fakeRegistry({ answers: [[/./, guarded(() => 'Basic realm="give"', 'never')]] });
  const redirect: Handler = (_, response) => response.writeHead(307, { location: `${thief.base}/x` }).end();
  await using registry = await fakeRegistry({ answers: [[/blobs/, redirect]] });
  const client = open([registry.host], always({ username: 'robot', password: 'hunter2' }));
  assert.equal(
    said(await client.blobHead({ host: registry.host, path: 'app' }, image.layer)),
    'unauthorized of the redirect target',
  );
  assert.deepEqual(thief.requests, ['HEAD /x']);
});
